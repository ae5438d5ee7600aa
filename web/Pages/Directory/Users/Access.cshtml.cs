namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>A person's own roles in the apps of a site (SPEC U6). A user access admin sees and changes the own app alone.</summary>
[Requires(Permission.ManageAppAccess)]
public sealed class AccessModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }
    [BindProperty] public string? App { get; set; }
    [BindProperty] public string? Role { get; set; }

    public UserProfile Person { get; private set; } = null!;
    public IEnumerable<UserApp> Apps => Person.Sites[0].Apps.Where(a => OnlyApps?.Contains(a.Id) != false);
    public string Back => $"{Home}/users/{AccountId}";

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        AppRole? role = Role switch { "user" => AppRole.User, "admin" => AppRole.Admin, _ => null };
        return RedirectWithAnswer(await Execute(new GiveRole(Site!.Value, new(AccountId), App ?? "", role, OnlyApps, Origin)),
            role is null ? $"{Person.Name} no longer has a direct role in this app." : $"{Person.Name} now has this role.",
            $"{Back}/access");
    }

    async Task<IActionResult?> Load()
    {
        var person = await Send(new ReadUser(Scope, new(AccountId)));
        if (!person.Granted) return NotFound();
        Person = person.Value;
        return null;
    }
}
