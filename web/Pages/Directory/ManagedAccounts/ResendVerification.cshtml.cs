using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Sends the verification mail again (SPEC A2).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class ResendVerificationModel(IMediator mediator) : MemberPage(mediator)
{
    public async Task<IActionResult> OnPost()
    {
        if (await Load(AccountAction.ResendVerification) is { } elsewhere) return elsewhere;
        var outcome = await Do(new SendVerificationMail(Account, Organization, Origin));
        return outcome.Granted ? Said($"The verification mail is on its way to {View.Email}.", Path) : Refused(outcome.Refusal, Path);
    }
}
