using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Places;

/// <summary>Says who loses what, then takes an app off the site.</summary>
[Requires(Permission.ManageSites)]
public sealed class TakeOffModel(IMediator mediator) : PlacePage(mediator)
{
    [FromRoute] public string App { get; set; } = "";

    public AppView View { get; private set; } = null!;
    public SiteWeight Weight { get; private set; } = null!;

    public async Task<IActionResult> OnGet() => await LoadApp() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await LoadApp() is { } elsewhere) return elsewhere;
        var outcome = await Do(new TakeAppOffSite(Site.Id, View.Id, Origin));
        return outcome.Granted ? Said($"{View.Name} is off the site.", Path) : Refused(outcome.Refusal, Path);
    }

    async Task<IActionResult?> LoadApp()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (Site.Apps.FirstOrDefault(a => a.Id == App) is not { } app
            || await Ask(new WeighSite(Site.Id, app.Id)) is not { Granted: true, Value: var weight }) return NotFound();
        (View, Weight) = (app, weight);
        return null;
    }
}
