namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Ten new recovery codes in place of the old ones (SPEC S2).</summary>
[Requires(Permission.OwnAccount)]
public sealed class OwnRecoveryCodesModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public IReadOnlyList<string>? RecoveryCodes { get; private set; }

    public async Task<IActionResult> OnGet() =>
        await Send(new ReadSignInSecurity(Visitor!.Account, null, Visitor.Account)) is { Granted: true, Value.TwoStepSince: null }
            ? RedirectWithError(new TwoStepOff(), OwnTwoStepModel.Path)
            : Page();

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new ReplaceRecoveryCodes(Visitor!.Account, Input.Password, Origin));
        RecoveryCodes = outcome.Granted ? outcome.Value.RecoveryCodes : null;
        return outcome.Granted ? Page()
            : outcome.Refusal is TwoStepOff ? RedirectWithError(outcome.Refusal, OwnTwoStepModel.Path)
            : ShowError(outcome.Refusal);
    }

    public sealed record Form(string? Password);
}
