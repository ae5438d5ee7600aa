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
        Counts = await Send(new CountUsers(Scope));
        var acts = MayManage && query.Kind is not UserType.NeverInvited;
        View = ListView.Of("Users", Users, query, List) with
        {
            Key = "users",
            Columns = UserQuery.Columns(ofSite: Site is not null),
            Look = ListLook.Of(Request.Cookies, "users"),
            Tabs = Tabs,
            Counted = !query.IsFilteredAtMostBy("status") ? null : query["status"] switch
            {
                null => Counts.Total,
                "active" => Counts.Active,
                "invited" => Counts.Invited,
                "suspended" => Counts.Suspended,
                _ => Counts.Dormant,
            },
            Actions = acts
                ? new($"{Users}/change", "change", "users",
                    [.. ChangeWords.All.Select(w => new ListAction(w.Value, w.Label) { Ends = w.Change is MembershipChange.Remove })])
                : null,
            RowMenus = true,
            File = MayManage ? $"{Users}/export" : null,
            AsksForFile = true,
            ByList = acts ? $"{Users}/change-list" : null,
            Offered = ListView.Offers(
                apps.Select(a => ("app", new ListOption(a.Id, a.Name))), Site is null ? [] : UserQuery.TypesOnSite),
        };
        if (WantsPart)
        {
            Response.Headers["HX-Push-Url"] = query.Here(Users);
            return Partial("_List", this);
        }
        if (Site is { } site && MayManage) Jobs = await Send(new ReadSiteJobs(site));
        return Page();
    }

    IReadOnlyList<ListTab> Tabs =>
    [
        new("All", Counts.Total.Grouped()), new("Active", Counts.Active.Grouped(), ("status", "active")),
        new("Invited", Counts.Invited.Grouped(), ("status", "invited")),
        new("Suspended", Counts.Suspended.Grouped(), ("status", "suspended")),
        .. Counts.Dormant > 0 ? (ListTab[])[new("Dormant", Counts.Dormant.Grouped(), ("status", "dormant"))] : [],
    ];

    public string ProfileOf(UserRow row) => row switch
    {
        { Account: null, InvitedTo: { } site } => $"/s/{site}/invitations/{row.Id}",
        { Status: null } => $"/o/{Organization}/members/{row.Id}",
        _ => $"{Users}/{row.Id}",
    };
}
