using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;

namespace DirectoryPlatform.Web.Pages.Roles;

/// <summary>The table of code, in words (SPEC S7).</summary>
[Requires(Permission.ManageAdmins)]
public sealed class PermissionsModel(IMediator mediator, WebSettings settings) : OrganizationPage(mediator)
{
    public IReadOnlyList<Role> Roles { get; } = Enum.GetValues<Role>();
    public IReadOnlyList<PermissionRow> Rows { get; } = [.. PermissionTable.Rows.Where(r => r.Permission is not Permission.Demo || settings.Demo)];

    public void OnGet() { }
}
