using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Provisioning;

/// <summary>Names the consequence, then shows another token, once (SPEC P2).</summary>
[Requires(Permission.ManageProvisioning, Fresh = true)]
public sealed class RenewTokenModel(IMediator mediator) : DirectoryPage(mediator)
{
    public NewProvisioningToken? Made { get; private set; }

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new RenewProvisioningToken(Organization, Directory, Origin));
        if (!outcome.Granted) return Refuse(outcome.Refusal);
        Made = outcome.Value;
        return Page();
    }
}
