using DirectoryPlatform.Kernel;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Provisioning;

/// <summary>A page about one directory of the organization.</summary>
public abstract class DirectoryPage(IMediator mediator) : ResourcePage<IdentityDirectoryDetail>(mediator)
{
    /// <summary>A user name has at most as many characters.</summary>
    const int Longest = 254;

    [FromRoute] public Guid DirectoryId { get; set; }
    [FromQuery] public string? After { get; set; }

    public IdentityDirectoryId Directory => new(DirectoryId);
    public string All => $"{Home}/identity-providers";
    public string Path => $"{All}/{DirectoryId}";

    protected override IRequest<Outcome<IdentityDirectoryDetail>> Read =>
        new ReadIdentityDirectory(Organization, Directory, After?.Length <= Longest ? After : null);
}
