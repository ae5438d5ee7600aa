using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The profile of one managed account (SPEC M2).</summary>
[Requires(Permission.ViewManagedAccounts)]
public sealed class MemberModel(IMediator mediator) : MemberPage(mediator)
{
    public async Task<IActionResult> OnGet() => await Load() ?? Page();
}
