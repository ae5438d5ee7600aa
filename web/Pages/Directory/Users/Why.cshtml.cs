namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>Why can this person get in here, or why not, and what would change if (SPEC U10).
/// The answers come from the door's own decision.</summary>
[Requires(Permission.ViewSiteUsers)]
public sealed class WhyModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }
    [FromQuery] public string? App { get; set; }

    public UserProfile Person { get; private set; } = null!;
    public AppView Asked { get; private set; } = null!;
    public WhyWords View { get; private set; } = null!;
    public string Back => $"{Home}/users/{AccountId}";

    public async Task<IActionResult> OnGet()
    {
        if (await LoadSite() is { } elsewhere) return elsewhere;
        var person = await Send(new ReadUser(Scope, new(AccountId)));
        if (!person.Granted) return NotFound();
        Person = person.Value;
        if ((Place.Apps.FirstOrDefault(a => a.Id == App) ?? (App is null ? Place.Apps.FirstOrDefault() : null)) is not { } app)
            return NotFound();
        Asked = app;
        var standing = await Send(new ReadStanding(Site!.Value, app.Id, new(AccountId)));
        if (!standing.Granted) return NotFound();
        View = WhyWords.Of(standing.Value, Person.Name, app.Name);
        return Page();
    }
}
