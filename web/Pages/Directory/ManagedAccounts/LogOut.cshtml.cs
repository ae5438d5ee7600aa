using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Words;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Ends all sessions of a managed person (SPEC M6).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class LogOutModel(IMediator mediator) : MemberPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new LogOutEverywhere(Account, null, Organization, Origin));
        if (!outcome.Granted) return Refused(outcome.Refusal, Path);
        return Said(outcome.Value == 0
            ? $"{View.Name} was not signed in anywhere."
            : $"{View.Name} is logged out of {outcome.Value.Of("device", "devices")}.", Path);
    }
}
