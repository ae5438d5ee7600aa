namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>Claims one person on a verified domain (SPEC C10); from the person's page and from the exclusion list.</summary>
[Requires(Permission.ClaimAccounts)]
public sealed class ClaimModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    public ClaimablePerson View { get; private set; } = null!;

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    Task<IActionResult?> Load() => Find(new ReadClaimable(Organization, new(AccountId)), person => View = person);

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Execute(new ClaimPerson(Organization, new(AccountId), Origin));
        return outcome.Granted ? RedirectWithNotice($"{View.Name} is managed by your organization now.", $"{Home}/members/{AccountId}")
            : ShowError(outcome.Refusal);
    }
}
