using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Warns, then ends all sessions and asks for another password at the next sign-in (SPEC M7).</summary>
[Requires(Permission.ManageAccounts, Fresh = true)]
public sealed class ResetMemberPasswordModel(IMediator mediator) : MemberPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load(s => s.ResetPassword) ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load(s => s.ResetPassword) is { } elsewhere) return elsewhere;
        var outcome = (await Do(new ResetPasswords([Account], Organization, Origin) { Asker = Visitor!.AdminOf }))[0];
        return outcome.Granted
            ? Said($"{View.Name} is signed out and chooses a new password at the next sign-in.", Path)
            : Refuse(outcome.Refusal);
    }
}
