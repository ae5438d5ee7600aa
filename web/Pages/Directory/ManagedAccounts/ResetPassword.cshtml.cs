using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Warns, then ends all sessions and asks for another password at the next sign-in (SPEC M7).</summary>
[Requires(Permission.ManageAccounts, Fresh = true)]
public sealed class ResetMemberPasswordModel(IMediator mediator) : MemberPage(mediator)
{
    public async Task<IActionResult> OnGet() => await LoadOffered() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await LoadOffered() is { } elsewhere) return elsewhere;
        var outcome = (await Do(new ResetPasswords([Account], Organization, Origin)))[0];
        return outcome.Granted ? Said($"{View.Name} is signed out and chooses a new password at the next sign-in.", Path) : Refuse(outcome.Refusal);
    }

    async Task<IActionResult?> LoadOffered()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var security = await Ask(new ReadSignInSecurity(Account, Organization, Visitor!.Account));
        var refusal = security.Granted ? security.Value.ResetPassword : security.Refusal;
        return refusal is null ? null : Refused(refusal, Path);
    }
}
