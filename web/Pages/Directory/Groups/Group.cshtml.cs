namespace DirectoryPlatform.Web.Pages.Directory.Groups;

/// <summary>One group: who is in it, and what it opens (SPEC U6).</summary>
[Requires(Permission.ManageGroups)]
public sealed class GroupModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid GroupId { get; set; }

    public GroupView View { get; private set; } = null!;
    public string Path => $"{Home}/groups/{GroupId}";

    Task<IActionResult?> Load() => Find(new ReadGroup(Organization, new(GroupId)), found => View = found);

    [BindProperty] public Form Input { get; set; } = new(null, null, null, null, null);
    [FromQuery] public PageQuery Query { get; set; } = new();

    public ListPage<UserRow> Members { get; private set; } = ListPage<UserRow>.Empty;
    public ListView MembersView => ListView.Of("Members", Path, Query, Members) with { Live = false };
    public IReadOnlyList<SiteView> Sites { get; private set; } = [];

    public async Task<IActionResult> OnGet()
    {
        if (await LoadAll() is { } elsewhere) return elsewhere;
        Input = new(View.Name, View.Description, null, null, null);
        return Page();
    }

    public async Task<IActionResult> OnPostChange()
    {
        if (await LoadAll() is { } elsewhere) return elsewhere;
        var outcome = await Execute(new ChangeGroup(Organization, View.Id, Input.Name, Input.Description, Origin));
        return outcome.Granted
            ? RedirectWithNotice("Group updated.", Path)
            : ShowError(outcome.Refusal, outcome.Refusal is GroupNameTaken ? nameof(Form.Name) : null);
    }

    public async Task<IActionResult> OnPostAdd() =>
        await LoadAll() ?? RedirectOrShow(await Execute(new AddToGroupByEmail(Organization, View.Id, Input.Email, Origin)),
            $"{Input.Email?.Trim()} was added to the group.", Path, nameof(Form.Email));

    public async Task<IActionResult> OnPostLeave(Guid account)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (await Load() is { } elsewhere) return elsewhere;
        return RedirectWithAnswer(await Execute(new RemoveFromGroup(Organization, View.Id, new(account), Origin)),
            "Removed from the group.", Path);
    }

    /// <param name="place">"site/app".</param>
    /// <param name="role">"user" or "admin"; left out to revoke. Any other word is neither.</param>
    public async Task<IActionResult> OnPostAccess(string? place, string? role)
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (role is not (null or "user" or "admin")) return RedirectWithError(new InvalidValue("role", "Choose a role."), Path);
        var (site, app) = place?.Split('/') is [var id, var name] && Guid.TryParse(id, out var guid)
            ? (new SiteId(guid), name)
            : (default, null);
        AppRole? given = role switch { "user" => AppRole.User, "admin" => AppRole.Admin, _ => null };
        return RedirectWithAnswer(await Execute(new GiveGroupAccess(Organization, View.Id, site, app, given, Origin)),
            given is null ? "Access to the app revoked." : "The group now has access to the app.", Path);
    }

    async Task<IActionResult?> LoadAll()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Sites = await Send(new ReadSites(Organization));
        Members = await Query.Read(at => Send(new ListUsers(new(Organization), new(Group: View.Id), Cursor: at)));
        return null;
    }

    public sealed record Form(string? Name, string? Description, string? Email, string? Place, string? Role);
}
