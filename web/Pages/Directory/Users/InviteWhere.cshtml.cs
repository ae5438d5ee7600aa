namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>From the organization's list: to which site? With one site there is nothing to ask.</summary>
[Requires(Permission.ManageUsers)]
public sealed class InviteWhereModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromQuery] public string? Emails { get; set; }

    /// <summary>People of the list of managed accounts who are to be invited.</summary>
    [FromQuery] public Guid? List { get; set; }

    public IReadOnlyList<SiteView> Sites { get; private set; } = [];

    public string PathOf(SiteView site)
    {
        var whom = List is { } list ? $"?list={list}"
            : Emails is { Length: > 0 and <= 4_000 } ? $"?emails={Uri.EscapeDataString(Emails)}"
            : "";
        return $"/s/{site.Id}/users/invite{whom}";
    }

    public async Task<IActionResult> OnGet()
    {
        Sites = await Send(new ReadSites(Organization));
        return Sites is [var only] ? LocalRedirect(PathOf(only)) : Page();
    }
}
