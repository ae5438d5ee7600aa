using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Policies;

/// <summary>Says first who comes under the default policy (SPEC S5).</summary>
[Requires(Permission.ManagePolicies, Fresh = true)]
public sealed class DeleteModel(IMediator mediator) : PolicyPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load() ?? (View.IsDefault ? Refused(new DefaultPolicyStays(), Path) : Page());

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var deleted = await Do(new DeletePolicy(Organization, Policy, Origin));
        return deleted.Granted ? Said($"{View.Settings.Name} is deleted.", $"{Home}/policies") : Refused(deleted.Refusal, Path);
    }
}
