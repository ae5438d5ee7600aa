using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Provider;

/// <summary>Names the consequence; refused while a policy leads people there.</summary>
[Requires(Permission.ManagePolicies, Fresh = true)]
public sealed class RemoveModel(IMediator mediator) : OrganizationPage(mediator)
{
    public string Back => $"{Home}/single-sign-on";

    public async Task<IActionResult> OnGet()
    {
        var view = await Ask(new ReadIdentityProvider(Organization));
        return view is { InForce: null, Proposed: null } ? NotFound()
            : view.Policies.Count > 0 ? Refused(new ProviderInUse(), Back, ("Authentication policies", $"{Home}/policies"))
            : Page();
    }

    public async Task<IActionResult> OnPost()
    {
        var removed = await Do(new RemoveIdentityProvider(Organization, Origin));
        return removed.Granted ? Said("The identity provider is removed.", Back) : Refused(removed.Refusal, Back);
    }
}
