namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>A key for the app, a code that shows that it arrived, then the recovery codes, this once (SPEC S2). Looking keeps nothing. Asks
/// for a fresh proof: whoever found an open browser could otherwise lock its owner out.</summary>
[Requires(Permission.OwnAccount, Fresh = true)]
public sealed class SetUpTwoStepModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null);

    public TwoStepEnrolment Enrolment { get; private set; } = null!;
    public IReadOnlyList<string>? RecoveryCodes { get; private set; }

    public async Task<IActionResult> OnGet() => await Prepare() ?? Page();

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new ConfirmTwoStep(Visitor!.Account, Input.Enrolment, Input.Code, Origin));
        RecoveryCodes = outcome.Granted ? outcome.Value.RecoveryCodes : null;
        return outcome.Granted ? Page() : await Prepare() ?? ShowError(outcome.Refusal);
    }

    /// <summary>Null when there is something to set up.</summary>
    async Task<IActionResult?> Prepare()
    {
        var enrolment = await Send(new PrepareTwoStep(Visitor!.Account, Input.Enrolment));
        if (!enrolment.Granted) return RedirectWithError(enrolment.Refusal, OwnTwoStepModel.Path);
        Enrolment = enrolment.Value;
        return null;
    }

    public sealed record Form(string? Enrolment, string? Code);
}
