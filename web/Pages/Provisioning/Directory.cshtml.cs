using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web.Pages.Provisioning;

/// <summary>One directory: what the provider needs, whom it provides, and what was refused (SPEC P2).</summary>
[Requires(Permission.ManageProvisioning)]
public sealed class DirectoryModel(IMediator mediator) : OrganizationPage(mediator)
{
    /// <summary>A user name has at most as many characters.</summary>
    const int Longest = 254;

    [FromRoute] public Guid DirectoryId { get; set; }
    [FromQuery] public string? After { get; set; }

    public string All => $"{Home}/identity-providers";
    public string Path => $"{All}/{DirectoryId}";
    public IdentityDirectoryDetail View { get; private set; } = null!;
    public string? NextPath => View.Next is { } next ? QueryHelpers.AddQueryString(Path, "after", next) : null;

    public async Task<IActionResult> OnGet() =>
        await Find(new ReadIdentityDirectory(Organization, new(DirectoryId), After?.Length <= Longest ? After : null),
            found => View = found) ?? Page();
}
