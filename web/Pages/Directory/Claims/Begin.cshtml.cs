namespace DirectoryPlatform.Web.Pages.Directory.Claims;

/// <summary>Step 1 of the wizard: which accounts to claim (SPEC C1).</summary>
[Requires(Permission.ClaimAccounts)]
public sealed class BeginModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid DomainId { get; set; }
    [BindProperty] public Form Input { get; set; } = new();

    public DomainView View { get; private set; } = null!;

    public async Task<IActionResult> OnGet() => await Load() is { } refusal ? ShowError(refusal) : Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } refusal) return ShowError(refusal);
        var all = Input.Which == "all";
        if (all && Input.Files.BesideAll(Input.Text) is { } beside)
        {
            Input.Which = "file";
            return ShowError(beside);
        }
        var outcome = await Input.Files.AsAddresses(Input.Text, list =>
            Execute(new BeginClaim(Organization, new DomainId(DomainId), all ? null : list, Origin)));
        return outcome.Granted ? LocalRedirect($"{Home}/claims/{outcome.Value}")
            : ShowError(outcome.Refusal is FileEmpty ? new Bulk.NoList() : outcome.Refusal, all ? null : nameof(Form.Files));
    }

    async Task<Refusal?> Load()
    {
        var outcome = await Send(new ReadDomain(Organization, new DomainId(DomainId)));
        if (outcome.Granted) View = outcome.Value;
        return outcome.Refusal;
    }

    public sealed class Form
    {
        /// <summary>"all" or "file".</summary>
        public string? Which { get; set; } = "all";

        public List<IFormFile> Files { get; set; } = [];
        public string? Text { get; set; }
    }
}
