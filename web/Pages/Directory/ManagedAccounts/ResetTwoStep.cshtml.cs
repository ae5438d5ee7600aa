using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>For somebody who has lost the phone and the recovery codes (SPEC M2).</summary>
[Requires(Permission.ManageAccounts, Fresh = true)]
public sealed class ResetMemberTwoStepModel(IMediator mediator) : MemberPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load(s => s.ResetTwoStep) ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load(s => s.ResetTwoStep) is { } elsewhere) return elsewhere;
        var outcome = await Do(new ResetTwoStep(Account, Organization, Origin) { Asker = Visitor!.AdminOf });
        return outcome.Granted ? Said($"Two-step verification of {View.Name} is off.", Path) : Refuse(outcome.Refusal);
    }
}
