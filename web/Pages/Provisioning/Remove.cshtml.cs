using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Provisioning;

/// <summary>Says what becomes of the people, then removes the directory (SPEC P2).</summary>
[Requires(Permission.ManageProvisioning, Fresh = true)]
public sealed class RemoveModel(IMediator mediator) : DirectoryPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new RemoveIdentityDirectory(Organization, Directory, Input.TypedName, Origin));
        return outcome.Granted
            ? Said($"{View.Directory.Name} is removed. Its people are being given back.", All)
            : Refuse(outcome.Refusal, "typedName");
    }

    public sealed record Form(string? TypedName);
}
