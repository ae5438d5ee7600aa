namespace DirectoryPlatform.Web.Pages;

/// <summary>Leads to where the visitor most likely wants to be.</summary>
[Requires(Permission.Anyone)]
[NoDoor("Leads onward; whoever is not signed in is asked nothing of the database but whether it is set up.")]
public sealed class IndexModel(IMediator mediator) : WebPage(mediator)
{
    public async Task<IActionResult> OnGet() => LocalRedirect(Visitor switch
    {
        { AdminOf: [var first, ..] } => $"/o/{first}/members",
        not null when (await Send(new ReadSitesAdministered(Visitor.Account))).FirstOrDefault() is { } site => $"/s/{site.Id}/users",
        not null => "/account",
        null when await Send(new IsSetupNeeded()) => "/setup",
        null => "/sign-in",
    });
}
