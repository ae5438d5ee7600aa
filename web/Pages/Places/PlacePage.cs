using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Places;

/// <summary>A page about one site of the organization. The site is read first,
/// so that another organization's answers as an unknown one.</summary>
public abstract class PlacePage(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid SiteId { get; set; }

    public SiteView Site { get; private set; } = null!;
    public string Path => $"{Home}/sites/{SiteId}";

    /// <summary>Null when the site is there.</summary>
    protected async Task<IActionResult?> Load()
    {
        var site = await Ask(new ReadSite(new(SiteId)));
        if (!site.Granted || site.Value.Organization != Organization) return NotFound();
        Site = site.Value;
        return null;
    }
}
