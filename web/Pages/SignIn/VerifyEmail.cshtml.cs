using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>The link only shows a button: mail scanners follow links, and would use this one up before the person does.</summary>
[Requires(Permission.Anyone)]
public sealed class VerifyEmailModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Do(new FollowVerificationLink(Token, Origin));
        return outcome.Granted ? Said("Your email address is verified. You can sign in now.", "/sign-in") : Refuse(outcome.Refusal);
    }
}
