using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Revokes one API token of a managed person (SPEC M8).</summary>
[Requires(Permission.ManageAccounts)]
public sealed class RevokeMemberApiTokenModel(IMediator mediator) : MemberPage(mediator)
{
    [FromRoute] public Guid TokenId { get; set; }

    public ApiTokenView Token { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var tokens = await Ask(new ReadApiTokens(Account, Organization));
        if (!tokens.Granted) return NotFound();
        if (tokens.Value.Tokens.FirstOrDefault(t => t.Id == TokenId) is not { } token) return Refused(new NoSuchApiToken(), Path);
        Token = token;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(new RevokeApiToken(Account, TokenId, Organization, Origin));
        return outcome.Granted ? Said($"The API token {outcome.Value.Label} is revoked.", Path) : Refused(outcome.Refusal, Path);
    }
}
