using DirectoryPlatform.Accounts;
using DirectoryPlatform.Directory;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>One detail of a managed account (SPEC M3).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class MemberDetailModel(IMediator mediator) : DetailPage(mediator)
{
    [FromRoute] public Guid OrgId { get; set; }
    [FromRoute] public Guid AccountId { get; set; }

    public override AccountId Account => new(AccountId);
    public override string ProfilePath => $"/o/{OrgId}/members/{AccountId}";
    protected override OrganizationId? By => new OrganizationId(OrgId);

    protected override async Task<IReadOnlyList<HistoryLine>?> History() =>
        await Ask(new ReadManagedAccount(new(OrgId), Account, Visitor!.Account)) is { Granted: true, Value: var account } ? account.History : null;
}
