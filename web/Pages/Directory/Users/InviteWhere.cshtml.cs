namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>From the organization's list: leads to the form of its first site, which offers the others.</summary>
[Requires(Permission.ManageUsers)]
public sealed class InviteWhereModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromQuery] public string? Emails { get; set; }

    /// <summary>People of the list of managed accounts who are to be invited.</summary>
    [FromQuery] public Guid? List { get; set; }

    string PathOf(SiteView site)
    {
        var whom = List is { } list ? $"?list={list}"
            : Emails is { Length: > 0 and <= 4_000 } ? $"?emails={Uri.EscapeDataString(Emails)}"
            : "";
        return $"/s/{site.Id}/users/invite{whom}";
    }

    public async Task<IActionResult> OnGet() =>
        await Send(new ReadSites(Organization)) is [var first, ..] ? LocalRedirect(PathOf(first)) : Page();
}
