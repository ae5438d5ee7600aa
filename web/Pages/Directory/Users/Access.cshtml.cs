namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>Saves a person's own roles in the apps of a site, all at once (SPEC U6, U13); the person's profile has the form. A user access
/// admin changes the own app alone.</summary>
[Requires(Permission.ManageAppAccess)]
public sealed class AccessModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    /// <summary>Which of the person's addresses the form stands at.</summary>
    [FromQuery] public string? From { get; set; }

    /// <summary>By app: "user", "admin" or nothing.</summary>
    [BindProperty] public Dictionary<string, string?> Role { get; set; } = [];

    /// <summary>What the form showed: whatever was left as it stood is not sent, and nothing is saved over what changed
    /// since, so that two admins do not undo each other.</summary>
    [BindProperty] public Dictionary<string, string?> Seen { get; set; } = [];

    string Back => !IsOrganizationAdmin ? $"{Users}/{AccountId}" : From switch
    {
        "members" => $"/o/{Organization}/members/{AccountId}?tab=access",
        "users" => $"/o/{Organization}/users/{AccountId}",
        _ => $"{Users}/{AccountId}",
    };

    public async Task<IActionResult> OnGet() =>
        (await Send(new ReadUser(Scope, new(AccountId)))).Granted ? LocalRedirect(Back) : NotFound();

    public async Task<IActionResult> OnPost()
    {
        var person = await Send(new ReadUser(Scope, new(AccountId)));
        if (!person.Granted) return NotFound();
        var changed = Role.Where(r => (r.Value ?? "") != (Seen.GetValueOrDefault(r.Key) ?? "")).ToList();
        if (changed.Any(r => r.Value is not (null or "" or "user" or "admin")))
            return RedirectWithError(new InvalidValue("role", "Choose a role."), Back);
        if (changed.Count == 0) return RedirectWithNotice("Nothing was changed.", Back);
        var roles = new GiveRoles(Site!.Value, new(AccountId), changed.ToDictionary(r => r.Key, r => Parse(r.Value)), OnlyApps, Origin)
        {
            Seen = Seen.ToDictionary(r => r.Key, r => Parse(r.Value)),
        };
        return RedirectWithAnswer(await Execute(roles),
            $"Roles of {person.Value.Name} on {person.Value.Sites[0].Name} saved.", Back);
    }

    static AppRole? Parse(string? word) => word switch
    {
        "user" => AppRole.User,
        "admin" => AppRole.Admin,
        _ => null,
    };
}
