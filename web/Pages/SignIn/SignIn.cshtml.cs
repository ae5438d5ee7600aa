namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>Sign-in, and what may stand between the right password and the session (SPEC S1, S2, M7). Each step is the answer to the last
/// form; its ticket is in the form, never in an address.</summary>
[Requires(Permission.Anyone)]
[Door("sign-in", Handlers = [""])]
[Door("provider-look-up", Handlers = ["Email"])]
[NoDoor("Needs a sealed ticket that a right password made; guesses at the code are counted by account.",
    Handlers = ["Code", "NewPassword", "SetUpTwoStep", "CancelDeletion"])]
public sealed class SignInModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null, null, null, null);
    [BindProperty(SupportsGet = true)] public string? ReturnTo { get; set; }
    [BindProperty] public string? Ticket { get; set; }

    /// <summary>Set after the right password of somebody who is deleting the own account:
    /// the page then offers to cancel that (SPEC A12).</summary>
    public OwnDeletionAtSignIn? Deletion { get; private set; }

    /// <summary>Set when the address leads to an identity provider: the path on the way there.</summary>
    public string? Provider { get; private set; }

    /// <summary>Whether an address was typed that leads to no provider, as far as this page tells.</summary>
    public bool AsksPassword { get; private set; }

    /// <summary>Whether the address was not looked up: the password's form then finds the way to a provider, without a password as well.
    /// </summary>
    public bool NotLookedUp { get; private set; }

    public StepNeeded? Step { get; private set; }
    public TwoStepEnrolment? Enrolment { get; private set; }
    public IReadOnlyList<string>? RecoveryCodes { get; private set; }
    public string GoesOnTo { get; private set; } = "/";

    public IActionResult OnGet() => Visitor is null ? Page() : LocalRedirect(LocalPath.OrHome(ReturnTo));

    /// <summary>Address and password, whether the address was sent before or not.</summary>
    public async Task<IActionResult> OnPost()
    {
        AsksPassword = !string.IsNullOrWhiteSpace(Input.Email);
        return await Answer(await Execute(new DirectoryPlatform.Security.SignIn(Input.Email, Input.Password, Device.Of(Request), Origin)));
    }

    /// <summary>The address alone says where to go. Whatever leads to no provider is asked for the password, an unknown one as well, and
    /// whoever has looked too often: the password's own form leads to a provider, too.</summary>
    public async Task<IActionResult> OnPostEmail()
    {
        var provider = await Execute(new FindProvider(Input.Email, Origin));
        if (provider.Granted) return Lead(new SignInAtProvider(provider.Value));
        if (provider.Refusal is InvalidValue) return ShowError(provider.Refusal);
        (AsksPassword, NotLookedUp) = (true, provider.Refusal is TooManyRequests or TooManyAttempts);
        return provider.Refusal is TooManyRequests ? ShowError(provider.Refusal) : Page();
    }

    public async Task<IActionResult> OnPostCode() =>
        await Answer(await Execute(new GiveTwoStepCode(Ticket, Input.Recovery ?? Input.Code, Device.Of(Request), Origin)),
            SignInStep.TwoStepCode);

    public async Task<IActionResult> OnPostNewPassword() =>
        await Answer(await Execute(new ChoosePasswordAtSignIn(Ticket, Input.Password, Device.Of(Request), Origin)), SignInStep.NewPassword);

    public async Task<IActionResult> OnPostSetUpTwoStep()
    {
        var outcome = await Execute(new ConfirmTwoStepAtSignIn(Ticket, Input.Enrolment, Input.Code, Device.Of(Request), Origin));
        if (!outcome.Granted) return await Answer(outcome.Refusal, SignInStep.SetUpTwoStep);
        RecoveryCodes = outcome.Value.RecoveryCodes;
        GoesOnTo = outcome.Value.SignedIn.Granted ? LocalPath.OrHome(ReturnTo) : "/sign-in";
        if (outcome.Value.SignedIn.Granted) SessionCookie.Give(Response, settings, outcome.Value.SignedIn.Value.Token);
        return Page();
    }

    public async Task<IActionResult> OnPostCancelDeletion()
    {
        var outcome = await Execute(new CancelOwnDeletion(Ticket, Device.Of(Request), Origin));
        if (!outcome.Granted) return await Answer(outcome);
        SessionCookie.Give(Response, settings, outcome.Value.Token);
        return RedirectWithNotice("The deletion is cancelled. Welcome back.", "/account");
    }

    /// <param name="at">The step whose form was sent: what was typed wrong is typed again there, and everything else begins anew.</param>
    async Task<IActionResult> Answer(Outcome<SignedIn> outcome, SignInStep? at = null)
    {
        if (outcome.Granted)
        {
            SessionCookie.Give(Response, settings, outcome.Value.Token);
            return LocalRedirect(LocalPath.OrHome(ReturnTo));
        }
        if (outcome.Refusal is SignInAtProvider elsewhere) return Lead(elsewhere);
        Deletion = outcome.Refusal as OwnDeletionAtSignIn;
        if (Deletion is not null) return Page();
        if (outcome.Refusal is StepNeeded next) return await Show(next) is { } gone ? ShowError(gone) : Page();
        if (at is { } step && outcome.Refusal is InvalidValue or TooManyAttempts or EnrolmentVoid)
            await Show(new StepNeeded(at.Value, Ticket ?? ""));
        return ShowError(outcome.Refusal, Input.Recovery is not null && outcome.Refusal is InvalidValue ? nameof(Form.Recovery) : null);
    }

    IActionResult Lead(SignInAtProvider elsewhere)
    {
        Provider = SingleSignOnEndpoints.PathTo(elsewhere.Organization, ReturnTo is null ? null : LocalPath.OrHome(ReturnTo));
        return Page();
    }

    /// <summary>Null when the step can be shown.</summary>
    async Task<Refusal?> Show(StepNeeded step)
    {
        if (step.Step is SignInStep.SetUpTwoStep)
        {
            var enrolment = await Send(new PrepareTwoStepAtSignIn(step.Ticket, Input.Enrolment));
            if (!enrolment.Granted) return enrolment.Refusal;
            Enrolment = enrolment.Value;
        }
        Step = step;
        return null;
    }

    public sealed record Form(string? Email, string? Password, string? Code, string? Recovery, string? Enrolment);
}
