using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Ends one session of a managed person (SPEC M6).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class LogOutDeviceModel(IMediator mediator) : MemberResourcePage<DeviceView>(mediator)
{
    [FromRoute] public Guid DeviceId { get; set; }

    protected override Refusal Gone => new NoSuchDevice();
    protected override Task<Outcome<IReadOnlyList<DeviceView>>> Things() => Ask(new ReadDevices(Account, Organization));
    protected override bool IsIt(DeviceView thing) => thing.Id == DeviceId;
    protected override IRequest<Outcome<DeviceView>> Take => new LogOutDevice(Account, DeviceId, Organization, Origin);
    protected override string Taken(DeviceView thing) => $"{View.Name} is logged out of {thing.Name}.";
}
