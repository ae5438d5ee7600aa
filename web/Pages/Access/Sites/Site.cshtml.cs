namespace DirectoryPlatform.Web.Pages.Access.Sites;

/// <summary>One site: its name, its apps, and who looks after it (SPEC S7).</summary>
[Requires(Permission.ManageSites, FreshToSend = true)]
public sealed class SiteModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid SiteId { get; set; }

    public SiteView Site { get; private set; } = null!;
    public string Path => $"{Home}/sites/{SiteId}";

    [BindProperty] public Form Input { get; set; } = new(null, null, null);

    public IReadOnlyList<AppView> Offered { get; private set; } = [];
    public IReadOnlyList<SiteAdminView> Admins { get; private set; } = [];

    public async Task<IActionResult> OnGet()
    {
        if (await LoadAll() is { } elsewhere) return elsewhere;
        Input = new(Site.Name, null, null);
        return Page();
    }

    public async Task<IActionResult> OnPostRename() =>
        await LoadAll() ?? RedirectOrShow(await Execute(new RenameSite(Site.Id, Input.Name, Origin)), "Site renamed.", Path);

    public async Task<IActionResult> OnPostApp(string? app) =>
        await LoadAll() ?? RedirectWithAnswer(await Execute(new PutAppOnSite(Site.Id, app, Origin)),
            done => $"{done.Name} was added to the site. No one has a role in it yet.", Path);

    public async Task<IActionResult> OnPostAppoint()
    {
        if (await LoadAll() is { } elsewhere) return elsewhere;
        var app = string.IsNullOrEmpty(Input.App) ? null : Input.App;
        return RedirectOrShow(await Execute(new AppointSiteAdmin(Site.Id, app, Input.Email, Origin)),
            done => $"{done.Name} now has this role.", Path, nameof(Form.Email));
    }

    public async Task<IActionResult> OnPostDismiss(Guid account, string? app)
    {
        if (!ModelState.IsValid) return BadRequest();
        if (await LoadAll() is { } elsewhere) return elsewhere;
        var role = string.IsNullOrEmpty(app) ? null : app;
        return RedirectWithAnswer(await Execute(new DismissSiteAdmin(Site.Id, role, new(account), Origin)),
            "Role removed.", Path);
    }

    async Task<IActionResult?> LoadAll()
    {
        // Another organization's answers as an unknown one.
        if (await Send(new ReadSite(new(SiteId))) is not { Granted: true, Value: var site } || site.Organization != Organization)
            return NotFound();
        Site = site;
        Offered = [.. (await Send(new ReadApps())).Where(a => Site.Apps.All(s => s.Id != a.Id))];
        Admins = await Send(new ReadSiteAdmins(Site.Id));
        return null;
    }

    public sealed record Form(string? Name, string? Email, string? App);
}
