using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Hygiene;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.SignIn;

[Requires(Permission.Anyone)]
public sealed class SignInModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null);
    [BindProperty(SupportsGet = true)] public string? ReturnTo { get; set; }

    /// <summary>Set after the right password of somebody who is deleting the own account: the page then offers to cancel that (SPEC A12).</summary>
    public OwnDeletionAtSignIn? Deletion { get; private set; }

    public IActionResult OnGet() => Visitor is null ? Page() : LocalRedirect(LocalPath.OrHome(ReturnTo));

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Do(new Security.SignIn(Input.Email, Input.Password, Device.Of(Request), Origin));
        Deletion = outcome.Refusal as OwnDeletionAtSignIn;
        if (Deletion is not null) return Page();
        if (!outcome.Granted) return Refuse(outcome.Refusal);
        SessionCookie.Give(Response, settings, outcome.Value.Token);
        return LocalRedirect(LocalPath.OrHome(ReturnTo));
    }

    public async Task<IActionResult> OnPostCancelDeletion(string? ticket)
    {
        var outcome = await Do(new CancelOwnDeletion(ticket, Device.Of(Request), Origin));
        if (!outcome.Granted) return Refuse(outcome.Refusal);
        SessionCookie.Give(Response, settings, outcome.Value.Token);
        return Said("The deletion is cancelled. Welcome back.", "/account");
    }

    public sealed record Form(string? Email, string? Password);
}
