using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Places;

/// <summary>Says what goes with the site, then removes it.</summary>
[Requires(Permission.ManageSites, Fresh = true)]
public sealed class RemoveModel(IMediator mediator) : PlacePage(mediator)
{
    public SiteWeight Weight { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Weight = (await Ask(new WeighSite(Site.Id, null))).Value;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new RemoveSite(Site.Id, Origin));
        return outcome.Granted ? Said($"{Site.Name} is removed.", $"{Home}/sites") : Refused(outcome.Refusal, $"{Home}/sites");
    }
}
