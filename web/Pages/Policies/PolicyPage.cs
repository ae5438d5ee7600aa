using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Policies;

/// <summary>A page about one policy of the organization.</summary>
public abstract class PolicyPage(IMediator mediator) : ResourcePage<PolicyView>(mediator)
{
    [FromRoute] public Guid PolicyId { get; set; }

    public PolicyId Policy => new(PolicyId);
    public string Path => $"{Home}/policies/{PolicyId}";

    protected override IRequest<Outcome<PolicyView>> Read => new ReadPolicy(Organization, Policy);
}
