namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>Whether the own sign-in asks for a second step, and what can be done about it (SPEC S2, A12).</summary>
[Requires(Permission.OwnAccount)]
public sealed class OwnTwoStepModel(IMediator mediator) : WebPage(mediator)
{
    public const string Path = "/account/two-step";

    public SignInSecurity View { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        var view = await Send(new ReadSignInSecurity(Visitor!.Account, null, Visitor.Account));
        if (!view.Granted) return ShowError(view.Refusal);
        View = view.Value;
        return Page();
    }
}
