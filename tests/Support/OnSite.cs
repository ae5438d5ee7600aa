using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Sites;

namespace DirectoryPlatform.Tests.Support;

/// <summary>An organization with an admin and one site on which two apps run.</summary>
public abstract class OnSite : OnInstallation
{
    protected OrganizationId Acme { get; private set; }
    protected AccountId Ada { get; private set; }
    protected SiteId Site { get; private set; }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Acme = await Here.Organization("acme");
        Ada = await Here.Admin(Acme, "ada@acme.example");
        await Here.Send(new OfferApps([new("jira", "Jira"), new("trello", "Trello")]));
        Site = await NewSite(Acme, "team");
    }

    protected async Task<SiteId> NewSite(OrganizationId organization, string name)
    {
        var site = await Here.Grant(new CreateSite(organization, name, $"https://{name}.example", By(Ada)));
        foreach (var app in (string[])["jira", "trello"]) await Here.Grant(new PutAppOnSite(site, app, By(Ada)));
        return site;
    }

    protected static readonly IReadOnlyDictionary<string, AppRole> NoRole = new Dictionary<string, AppRole>();
    protected static readonly IReadOnlyDictionary<string, AppRole> JiraUser = new Dictionary<string, AppRole> { ["jira"] = AppRole.User };

    protected async Task<IReadOnlyList<InvitedAddress>> Invite(SiteId site, IReadOnlyDictionary<string, AppRole>? roles = null,
        IReadOnlyList<GroupId>? groups = null, params string[] addresses) =>
        (await Here.Grant(new InviteUsers(site, addresses, roles ?? NoRole, groups ?? [], null, By(Ada)))).Each;

    /// <summary>A user of the site.</summary>
    protected async Task<AccountId> User(string email, SiteId? site = null, IReadOnlyDictionary<string, AppRole>? roles = null,
        params GroupId[] groups)
    {
        var id = await Here.Account(email);
        (await Invite(site ?? Site, roles, groups, email)).Single().Outcome.Value.ShouldBe(InvitedHow.InAtOnce);
        return id;
    }

    protected async Task<GroupId> Group(string name, SiteId? site = null, string app = "jira", AppRole role = AppRole.User)
    {
        var group = await Here.Grant(new CreateGroup(Acme, name, null, By(Ada)));
        await Here.Grant(new GiveGroupAccess(Acme, group, site ?? Site, app, role, By(Ada)));
        return group;
    }

    protected async Task<Outcome<Done>> Change(MembershipChange change, AccountId account, SiteId? site = null, AccountId? by = null) =>
        (await Here.Send(new ChangeMembership(Acme, site, [account], change, By(by ?? Ada))))[0];

    protected async Task<Outcome<AppRole>> Enters(AccountId account, string app = "jira", SiteId? site = null) =>
        (await Here.Grant(new ReadStanding(site ?? Site, app, account))).MayEnter();

    /// <summary>The secret of the newest mail to an address.</summary>
    protected Task<string> Link(string email) => Here.TokenMailed(email, "invitation");
}
