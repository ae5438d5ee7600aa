using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The picture of a managed account (SPEC M5).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class MemberPictureModel(IMediator mediator) : PicturePage(mediator)
{
    [FromRoute] public Guid OrgId { get; set; }
    [FromRoute] public Guid AccountId { get; set; }

    public override AccountId Account => new(AccountId);
    public override string ProfilePath => $"/o/{OrgId}/members/{AccountId}";
    protected override OrganizationId? By => new OrganizationId(OrgId);
}
