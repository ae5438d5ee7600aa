using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The picture of a managed account (SPEC M5).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class MemberPictureModel(IMediator mediator) : PicturePage(mediator);
