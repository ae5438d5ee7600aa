using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Gives the account back within the 14 days (SPEC A5); also where Undo leads after a deletion.</summary>
[Requires(Permission.ManageAccounts)]
public sealed class CancelDeletionModel(IMediator mediator) : MemberPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load(AccountAction.CancelDeletion) ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load(AccountAction.CancelDeletion) is { } elsewhere) return elsewhere;
        var outcome = await Do(new CancelDeletion(Account, Organization, Origin));
        return outcome.Granted ? Said($"{View.Name} is active again.", Path) : Refuse(outcome.Refusal);
    }
}
