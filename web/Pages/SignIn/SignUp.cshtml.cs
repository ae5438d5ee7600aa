namespace DirectoryPlatform.Web.Pages.SignIn;

[Requires(Permission.Anyone)]
[Door("sign-up", Handlers = [""])]
public sealed class SignUpModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null);

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new SignUp(Input.Email, Input.Name, Origin));
        return outcome.Granted ? LocalRedirect("/sign-up/sent") : ShowError(outcome.Refusal);
    }

    public sealed record Form(string? Name, string? Email);
}
