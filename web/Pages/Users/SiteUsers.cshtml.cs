namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>The users of one site (SPEC U1, U2, U9).</summary>
[Requires(Permission.ViewSiteUsers)]
public sealed class SiteUsersModel(IMediator mediator) : SitePage(mediator)
{
    public UserList View { get; private set; } = null!;
    public UserCounts Counts { get; private set; } = null!;

    /// <summary>What was done to many at once here, newest first.</summary>
    public IReadOnlyList<JobView> Jobs { get; private set; } = [];

    public string Path => $"{Home}/users";

    public async Task<IActionResult> OnGet([FromQuery] UserQuery query)
    {
        if (await LoadSite() is { } elsewhere) return elsewhere;
        var scope = new UserScope(Organization, Site);
        View = new(Path, Organization, Site, query, query.Kind is UserType.NeverInvited
            ? ListPage<UserRow>.Empty
            : await query.Read(at => Send(query.For(scope, at))), Place.Apps, [Place], MayManage);
        if (WantsPart)
        {
            Response.Headers["HX-Push-Url"] = query.AtRow(Path, query.At);
            return Partial("_List", View);
        }
        Counts = await Send(new CountUsers(scope));
        if (MayManage) Jobs = await Send(new ReadSiteJobs(Site));
        return Page();
    }
}
