using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;

namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>The own picture (SPEC A12, M5).</summary>
[Requires(Permission.OwnAccount)]
public sealed class OwnPictureModel(IMediator mediator) : PicturePage(mediator);
