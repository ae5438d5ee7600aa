namespace DirectoryPlatform.Web.Pages;

/// <summary>Leads to where the visitor most likely wants to be, and asks who administers several organizations and has come to none
/// yet.</summary>
[Requires(Permission.Anyone)]
[NoDoor("Leads onward; whoever is not signed in is asked nothing of the database but whether it is set up.")]
public sealed class IndexModel(IMediator mediator) : WebPage(mediator)
{
    public IReadOnlyList<OrganizationView> Organizations { get; private set; } = [];

    public async Task<IActionResult> OnGet()
    {
        if (Visitor is not { AdminOf: [_, _, ..] } admin || LastOrganization.Of(HttpContext, admin) is not null)
            return LocalRedirect(await Onward());
        Organizations =
            [.. (await Send(new ReadOrganizations(admin.AdminOf))).OrderBy(o => o.Name, StringComparer.OrdinalIgnoreCase)];
        return Page();
    }

    async Task<string> Onward() => Visitor switch
    {
        null when await Send(new IsSetupNeeded()) => "/setup",
        null => "/sign-in",
        _ when LastOrganization.Of(HttpContext, Visitor) is { } last => Frame.Home(last),
        _ when (await Send(new ReadSitesAdministered(Visitor.Account))).FirstOrDefault() is { } site => $"/s/{site.Id}/users",
        _ => "/account",
    };
}
