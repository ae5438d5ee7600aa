using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;

namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>One detail of the own account (SPEC A12).</summary>
[Requires(Permission.OwnAccount)]
public sealed class OwnDetailModel(IMediator mediator) : DetailPage(mediator);
