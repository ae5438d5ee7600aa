using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Another password for the own account (SPEC S1, A12).</summary>
[Requires(Permission.OwnAccount)]
public sealed class OwnPasswordModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null);

    /// <summary>Whether the organization's identity provider signs in, so that there is no password to change.</summary>
    public bool AtProvider { get; private set; }

    public async Task OnGet() => AtProvider = await Ask(new ReadProviderOf(Visitor!.Account)) is not null;

    public async Task<IActionResult> OnPost()
    {
        await OnGet();
        var outcome = await Do(new ChangePassword(Visitor!.Account, Visitor.Session, Input.Current, Input.Password, Origin));
        return outcome.Granted ? Said("Your password is changed. You are signed out everywhere else.", AccountModel.Path) : Refuse(outcome.Refusal);
    }

    public sealed record Form(string? Current, string? Password);
}
