using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Gives one account back to its person (SPEC C6, C7).</summary>
[Requires(Permission.ClaimAccounts, Fresh = true)]
public sealed class UnclaimModel(IMediator mediator) : MemberPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load(AccountAction.Unclaim) ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load(AccountAction.Unclaim) is { } elsewhere) return elsewhere;
        var outcome = await Do(new UnclaimAccount(Account, Organization, Exclude: true, Origin));
        return outcome.Granted ? Said($"{View.Name} is unclaimed.", $"{Home}/members") : Refuse(outcome.Refusal);
    }
}
