using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>The link only shows a button, as that of the verification mail does: mail scanners follow links. Open to anyone, because the mail may be read on another device.</summary>
[Requires(Permission.Anyone)]
[Door("email-change-link", Handlers = [""])]
public sealed class ConfirmEmailModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Do(new FollowEmailChangeLink(Token, Origin));
        if (!outcome.Granted) return Refuse(outcome.Refusal);
        SessionCookie.Take(Response, settings);
        return Said($"Your email address is {outcome.Value} now. Sign in with it.", "/sign-in");
    }
}
