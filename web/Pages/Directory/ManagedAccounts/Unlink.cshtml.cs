using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Says what unlinking means, then takes an account out of its identity provider's hands (SPEC P2).</summary>
[Requires(Permission.ManageProvisioning, Fresh = true)]
public sealed class UnlinkModel(IMediator mediator) : MemberPage(mediator)
{
    public DirectoryOfPerson Owner { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        if (await Ask(new WhichDirectory(Organization, Account)) is not { } owner) return Refused(new NotProvisioned(), Path);
        Owner = owner;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new UnlinkPerson(Organization, Account, Origin));
        return outcome.Granted
            ? Said($"{View.Name} is unlinked. All details can be changed here again.", Path)
            : Refused(outcome.Refusal, Path);
    }
}
