using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web.Pages.Provisioning;

/// <summary>One directory: what the provider needs, whom it provides, and what was refused (SPEC P2).</summary>
[Requires(Permission.ManageProvisioning)]
public sealed class DirectoryModel(IMediator mediator) : DirectoryPage(mediator)
{
    public string? NextPath => View.Next is { } next ? QueryHelpers.AddQueryString(Path, "after", next) : null;

    public async Task<IActionResult> OnGet() => await Load() ?? Page();
}
