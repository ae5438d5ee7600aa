using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>One detail of a managed account (SPEC M3).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class MemberDetailModel(IMediator mediator) : DetailPage(mediator);
