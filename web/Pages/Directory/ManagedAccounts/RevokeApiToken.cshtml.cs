using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Revokes one API token of a managed person (SPEC M8).</summary>
[Requires(Permission.ManageAccounts, Fresh = true)]
public sealed class RevokeMemberApiTokenModel(IMediator mediator) : MemberResourcePage<ApiTokenView>(mediator)
{
    [FromRoute] public Guid TokenId { get; set; }

    protected override Refusal Gone => new NoSuchApiToken();
    protected override async Task<Outcome<IReadOnlyList<ApiTokenView>>> Things() =>
        (await Ask(new ReadApiTokens(Account, Organization))).Map(t => t.Tokens);
    protected override bool IsIt(ApiTokenView thing) => thing.Id == TokenId;
    protected override IRequest<Outcome<ApiTokenView>> Take => new RevokeApiToken(Account, TokenId, Organization, Origin);
    protected override string Taken(ApiTokenView thing) => $"The API token {thing.Label} is revoked.";
}
