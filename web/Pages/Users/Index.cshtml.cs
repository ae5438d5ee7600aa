namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>Everybody on the organization's sites (SPEC U1, U2).</summary>
[Requires(Permission.ManageUsers)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    public UserList View { get; private set; } = null!;
    public UserCounts Counts { get; private set; } = null!;
    public string Path => $"{Home}/users";

    public async Task<IActionResult> OnGet([FromQuery] UserQuery query)
    {
        var scope = new UserScope(Organization);
        View = new(Path, Organization, null, query, await query.Read(at => Send(query.For(scope, at))),
            await Send(new ReadApps()), await Send(new ReadSites(Organization)), true);
        if (WantsPart)
        {
            Response.Headers["HX-Push-Url"] = query.AtRow(Path, query.At);
            return Partial("_List", View);
        }
        Counts = await Send(new CountUsers(scope));
        return Page();
    }
}
