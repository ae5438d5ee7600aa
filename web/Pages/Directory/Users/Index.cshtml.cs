namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>Everybody on the organization's sites, or on one of them (SPEC U1, U2, U9).</summary>
public sealed class IndexModel(IMediator mediator) : UsersPage(mediator)
{
    public UserQuery Query { get; private set; } = new();
    public ListPage<UserRow> List { get; private set; } = ListPage<UserRow>.Empty;
    public ListView View { get; private set; } = null!;
    public UserCounts Counts { get; private set; } = null!;

    /// <summary>The organization's, or this one.</summary>
    public IReadOnlyList<SiteView> Sites { get; private set; } = [];

    /// <summary>What was done to many at once on this site, newest first.</summary>
    public IReadOnlyList<JobView> Jobs { get; private set; } = [];

    public async Task<IActionResult> OnGet([FromQuery] UserQuery query)
    {
        if (Site is not null && await LoadSite() is { } elsewhere) return elsewhere;
        Query = query;
        // Nobody on a site is on no site.
        if (Site is null || query.Kind is not UserType.NeverInvited) List = await query.Read(at => Send(query.For(Scope, at)));
        var apps = Site is null ? await Send(new ReadApps()) : Place.Apps;
        Sites = Site is null ? await Send(new ReadSites(Organization)) : [Place];
        View = ListView.Of("Users", Users, query, List) with
        {
            File = MayManage && Site is not null ? $"{Users}/export" : null,
            ByList = MayManage && query.Kind is not UserType.NeverInvited ? $"{Users}/change-list" : null,
            Offered = ListView.Offers(
                apps.Select(a => ("app", new ListOption(a.Id, a.Name))), Site is null ? [] : UserQuery.TypesOnSite),
        };
        if (WantsPart)
        {
            Response.Headers["HX-Push-Url"] = query.AtRow(Users, query.At);
            return Partial("_List", this);
        }
        Counts = await Send(new CountUsers(Scope));
        if (Site is { } site && MayManage) Jobs = await Send(new ReadSiteJobs(site));
        return Page();
    }

    public string ProfileOf(UserRow row) => row switch
    {
        { Account: null, InvitedTo: { } site } => $"/s/{site}/invitations/{row.Id}",
        { Status: null } => $"/o/{Organization}/members/{row.Id}",
        _ => $"{Users}/{row.Id}",
    };
}
