using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Says what it means, asks for the password, then turns the second step off (SPEC S2).</summary>
[Requires(Permission.OwnAccount)]
public sealed class TurnOffTwoStepModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public async Task<IActionResult> OnGet()
    {
        var view = await Ask(new ReadSignInSecurity(Visitor!.Account, null, Visitor.Account));
        if (!view.Granted) return Refuse(view.Refusal);
        Refusal? refusal = view.Value.TwoStepSince is null ? new TwoStepOff() : view.Value.TwoStepMandatory ? new TwoStepMandatory() : null;
        return refusal is null ? Page() : Refused(refusal, OwnTwoStepModel.Path);
    }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Do(new TurnOffTwoStep(Visitor!.Account, Input.Password, Origin));
        if (outcome.Granted) return Said("Two-step verification is off.", OwnTwoStepModel.Path);
        return outcome.Refusal is TwoStepOff or TwoStepMandatory ? Refused(outcome.Refusal, OwnTwoStepModel.Path) : Refuse(outcome.Refusal);
    }

    public sealed record Form(string? Password);
}
