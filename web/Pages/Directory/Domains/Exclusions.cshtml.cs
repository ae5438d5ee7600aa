namespace DirectoryPlatform.Web.Pages.Directory.Domains;

/// <summary>Who is left alone by automatic claiming (SPEC C7): seen and edited here.</summary>
[Requires(Permission.ClaimAccounts)]
public sealed class ExclusionsModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid DomainId { get; set; }
    [FromQuery] public PageQuery Query { get; set; } = new();
    [BindProperty] public Form Input { get; set; } = new(null);

    public ExclusionPage View { get; private set; } = null!;
    public ListView AccountsView => ListView.Of("Excluded accounts", Path, Query, View.Accounts) with
    {
        Live = false,
        Size = ExclusionPage.Size,
        Counted = View.Total,
    };
    public string Path => $"{Home}/domains/{DomainId}/exclusions";

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost() =>
        await Load() ?? RedirectOrShow(await Execute(new ExcludeByEmail(Organization, new(DomainId), Input.Email ?? "", Origin)),
            _ => $"{Input.Email!.Trim()} is on the exclusion list.", Path, nameof(Input.Email));

    public async Task<IActionResult> OnPostReadmit([FromForm] Guid account) =>
        RedirectWithAnswer(await Execute(new ReadmitAccount(new(account), Organization, Origin)),
            "Removed from the exclusion list. The account is not claimed.", Path);

    /// <summary>Null when the domain is this organization's and verified.</summary>
    async Task<IActionResult?> Load()
    {
        var outcome = await Send(new ReadExclusionList(Organization, new(DomainId), Query.At));
        if (outcome.Refusal is BrokenCursor) outcome = await Send(new ReadExclusionList(Organization, new(DomainId), Query.Begin()));
        if (!outcome.Granted) return RedirectWithError(outcome.Refusal, $"{Home}/domains/{DomainId}");
        View = outcome.Value;
        return null;
    }

    public sealed record Form(string? Email);
}
