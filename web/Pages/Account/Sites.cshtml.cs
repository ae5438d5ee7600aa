namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Where the person can go, and where not, and why (SPEC U4: what somebody suspended sees).</summary>
[Requires(Permission.OwnAccount)]
public sealed class SitesModel(IMediator mediator) : WebPage(mediator)
{
    public IReadOnlyList<OwnSite> Sites { get; private set; } = [];

    public async Task OnGet() => Sites = await Send(new ReadOwnSites(Visitor!.Account));
}
