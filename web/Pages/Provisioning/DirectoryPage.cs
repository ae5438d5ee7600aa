using DirectoryPlatform.Kernel;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Provisioning;

/// <summary>A page about one directory of the organization.</summary>
public abstract class DirectoryPage(IMediator mediator) : ResourcePage<IdentityDirectoryDetail>(mediator)
{
    [FromRoute] public Guid DirectoryId { get; set; }

    public IdentityDirectoryId Directory => new(DirectoryId);
    public string All => $"{Home}/identity-providers";
    public string Path => $"{All}/{DirectoryId}";

    protected override IRequest<Outcome<IdentityDirectoryDetail>> Read => new ReadIdentityDirectory(Organization, Directory);
}
