using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Policies;

/// <summary>A page about one policy of the organization.</summary>
public abstract class PolicyPage(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid PolicyId { get; set; }

    public PolicyId Policy => new(PolicyId);
    public PolicyView View { get; private set; } = null!;
    public string Path => $"{Home}/policies/{PolicyId}";

    /// <summary>Null when the policy is there.</summary>
    protected async Task<IActionResult?> Load()
    {
        var policy = await Ask(new ReadPolicy(Organization, Policy));
        if (!policy.Granted) return NotFound();
        View = policy.Value;
        return null;
    }
}
