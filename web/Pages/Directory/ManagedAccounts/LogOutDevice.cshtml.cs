using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Ends one session of a managed person (SPEC M6).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class LogOutDeviceModel(IMediator mediator) : MemberPage(mediator)
{
    [FromRoute] public Guid DeviceId { get; set; }

    public DeviceView Device { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var devices = await Ask(new ReadDevices(Account, Organization));
        if (!devices.Granted) return NotFound();
        if (devices.Value.FirstOrDefault(d => d.Id == DeviceId) is not { } device) return Refused(new NoSuchDevice(), Path);
        Device = device;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new LogOutDevice(Account, DeviceId, Organization, Origin));
        return outcome.Granted ? Said($"{View.Name} is logged out of {outcome.Value.Name}.", Path) : Refused(outcome.Refusal, Path);
    }
}
