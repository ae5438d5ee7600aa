namespace DirectoryPlatform.Web.Pages.Directory.Claims;

/// <summary>Step 4: starts the job (SPEC C1, C2).</summary>
[Requires(Permission.ClaimAccounts, FreshToSend = true)]
public sealed class ConfirmModel(IMediator mediator) : ClaimStep(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, false);

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    /// <summary>Sent before the draft is read: a second click finds the draft carried out already,
    /// and is answered with the same job.</summary>
    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new ConfirmBulk(Organization, Draft, null, null, Input.Notify, false, Input.Typed, Origin)
        { Family = ManyAccounts.ClaimFamily });
        if (outcome.Granted) return LocalRedirect($"{Home}/jobs/{outcome.Value}");
        return await Load() ?? ShowError(outcome.Refusal, outcome.Refusal is TypedWrong ? nameof(Form.Typed) : null);
    }

    public sealed record Form(string? Typed, bool Notify);
}
