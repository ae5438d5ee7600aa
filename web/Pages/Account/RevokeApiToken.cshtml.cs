using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Names the consequence, then revokes one's own API token (SPEC S4).</summary>
[Requires(Permission.OwnAccount, Fresh = true)]
public sealed class RevokeApiTokenModel(IMediator mediator) : WebPage(mediator)
{
    public const string List = "/account/api-tokens";

    [FromRoute] public Guid TokenId { get; set; }

    public ApiTokenView Token { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        var tokens = await Ask(new ReadApiTokens(Visitor!.Account, null));
        if (!tokens.Granted) return NotFound();
        if (tokens.Value.Tokens.FirstOrDefault(t => t.Id == TokenId) is not { } token) return Refused(new NoSuchApiToken(), List);
        Token = token;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Do(new RevokeApiToken(Visitor!.Account, TokenId, null, Origin));
        return outcome.Granted ? Said($"{outcome.Value.Label} is revoked.", List) : Refused(outcome.Refusal, List);
    }
}
