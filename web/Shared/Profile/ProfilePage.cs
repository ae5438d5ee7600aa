namespace DirectoryPlatform.Web.Shared;

/// <summary>A page that changes a profile: an admin's, whose route names the organization and the account,
/// or a person's own, whose route names neither.</summary>
public abstract class ProfilePage(IMediator mediator) : WebPage(mediator)
{
    [FromRoute] public Guid? OrgId { get; set; }
    [FromRoute] public Guid? AccountId { get; set; }

    public bool IsOwn => OrgId is null;
    public AccountId Account => AccountId is { } id ? new(id) : Visitor!.Account;
    public string ProfilePath => OrgId is { } organization ? $"/o/{organization}/members/{AccountId}" : "/account";
    public ProfileView Profile { get; private set; } = null!;

    /// <summary>Null when the person changes the own account.</summary>
    protected OrganizationId? By => OrgId is { } organization ? new OrganizationId(organization) : null;

    /// <summary>False when there is no such account, or none that concerns this organization.</summary>
    protected async Task<bool> Read()
    {
        var profile = await Send(new ReadProfile(Account, By, Visitor!.Account) { Asker = Visitor.AdminOf });
        if (profile.Granted) Profile = profile.Value;
        return profile.Granted;
    }
}
