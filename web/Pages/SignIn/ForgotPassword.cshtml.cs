namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>Says the same whether there is such an account or not (SPEC S1).</summary>
[Requires(Permission.Anyone)]
[Door("forgotten-password", Handlers = [""])]
public sealed class ForgotPasswordModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new RequestPasswordReset(Input.Email, Origin));
        return outcome.Granted ? LocalRedirect("/forgot-password/sent") : ShowError(outcome.Refusal);
    }

    public sealed record Form(string? Email);
}
