namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>Saves a person's own roles in the apps of a site, or of all sites, at once (SPEC U6, U13); the person's profile has the form. A
/// user access admin changes the own app alone.</summary>
[TakesManyValues]
public sealed class AccessModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    /// <summary>Which of the person's addresses the form stands at.</summary>
    [FromQuery] public string? From { get; set; }

    /// <summary>"user", "admin" or nothing, by app; of all sites by site and app, with a slash between them.</summary>
    Dictionary<string, string> Role => Typed("role");

    /// <summary>What the form showed: whatever was left as it stood is not sent, and nothing is saved over what changed
    /// since, so that two admins do not undo each other.</summary>
    Dictionary<string, string> Seen => Typed("seen");

    /// <summary>Not bound by the framework, which looks through all fields once for each.</summary>
    Dictionary<string, string> Typed(string name) => (Request.HasFormContentType ? Request.Form : FormCollection.Empty)
        .Where(f => f.Key.StartsWith($"{name}[", StringComparison.OrdinalIgnoreCase) && f.Key.EndsWith(']'))
        .ToDictionary(f => f.Key[(name.Length + 1)..^1], f => f.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    string Back => Site is null && From == "members" ? $"{Home}/members/{AccountId}?tab=access" : $"{Users}/{AccountId}";

    public async Task<IActionResult> OnGet() =>
        (await Send(new ReadUser(Scope, new(AccountId)))).Granted ? LocalRedirect(Back) : NotFound();

    public async Task<IActionResult> OnPost()
    {
        var person = await Send(new ReadUser(Scope, new(AccountId)));
        if (!person.Granted) return NotFound();
        var (role, shown) = (Role, Seen);
        var changed = role.Where(r => r.Value != shown.GetValueOrDefault(r.Key, "")).ToList();
        if (changed.Any(r => r.Value is not ("" or "user" or "admin")))
            return RedirectWithError(new InvalidValue("role", "Choose a role."), Back);
        if (changed.Count == 0) return RedirectWithNotice("Nothing was changed.", Back);
        var places = changed.Select(r => PlaceOf(r.Key)).ToList();
        if (places.Contains(null)) return NotFound();
        var seen = shown.ToLookup(r => PlaceOf(r.Key));
        var roles = places.Zip(changed).DistinctBy(p => p.First).GroupBy(p => p.First!.Value.Site, (site, apps) =>
        {
            var given = apps.ToDictionary(p => p.First!.Value.App, p => Parse(p.Second.Value));
            return new GiveRoles(site, new(AccountId), given, OnlyApps, Origin)
            {
                Seen = given.Keys.Where(app => seen.Contains((site, app)))
                    .ToDictionary(app => app, app => Parse(seen[(site, app)].First().Value)),
            };
        }).ToList();
        var where = Site is null ? "" : $" on {person.Value.Sites[0].Name}";
        return RedirectWithAnswer(await Execute(new GiveRolesOnSites(Organization, roles, Origin)),
            $"Roles of {person.Value.Name}{where} saved.", Back);
    }

    /// <returns>Null for what is no place.</returns>
    (SiteId Site, string App)? PlaceOf(string key) => Site is { } site ? (site, key)
        : key.Split('/') is [var id, var app] && Guid.TryParse(id, out var of) ? (new SiteId(of), app) : null;

    static AppRole? Parse(string? word) => word switch
    {
        "user" => AppRole.User,
        "admin" => AppRole.Admin,
        _ => null,
    };
}
