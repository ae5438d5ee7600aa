using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Gives the access back (SPEC A4); also where Undo leads after a deactivation.</summary>
[Requires(Permission.ManageAccounts)]
public sealed class ReactivateModel(IMediator mediator) : MemberPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load(AccountAction.Reactivate) ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load(AccountAction.Reactivate) is { } elsewhere) return elsewhere;
        var outcome = await Do(new ReactivateAccount(Account, Organization, Origin));
        return outcome.Granted ? Said($"{View.Name} is active again.", Path) : Refuse(outcome.Refusal);
    }
}
