namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The profile of one managed account (SPEC M2).</summary>
[Requires(Permission.ViewManagedAccounts)]
public sealed class MemberModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    public AccountId Account => new(AccountId);
    public string Path => $"{Home}/members/{AccountId}";
    public ManagedAccountProfile View { get; private set; } = null!;

    public ProfileView Profile => View.Profile;
    public Credentials Credentials { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        var read = new ReadManagedAccount(Organization, Account, Visitor!.Account) { Asker = Visitor.AdminOf, Whole = true };
        if (await Find(read, found => View = found) is { } elsewhere) return elsewhere;
        var credentials = await Send(new ReadCredentials(Account, Organization, Visitor.Account, Visitor.AdminOf));
        if (!credentials.Granted) return NotFound(); // unclaimed between the two looks
        Credentials = credentials.Value;
        return Page();
    }
}
