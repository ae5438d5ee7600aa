using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Hygiene;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Asks for the password again before a form that is dangerous, and leads on to it; see <see cref="FreshProof"/>.</summary>
[Requires(Permission.OwnAccount)]
public sealed class ConfirmItIsYouModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);
    [BindProperty(SupportsGet = true)] public string? ReturnTo { get; set; }

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Do(new ProveItIsYou(Visitor!, Input.Password, Origin));
        return outcome.Granted ? LocalRedirect(LocalPath.OrHome(ReturnTo)) : Refuse(outcome.Refusal, nameof(Form.Password));
    }

    public sealed record Form(string? Password);
}
