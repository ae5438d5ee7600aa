namespace DirectoryPlatform.Web.Pages.Setup;

/// <summary>The first visit of an empty installation (SPEC R4); afterwards this page does not exist.</summary>
[Requires(Permission.Anyone)]
[Door("setup-code", Handlers = [""])]
public sealed class SetupModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null, null, null, null);

    public async Task<IActionResult> OnGet() => await Send(new IsSetupNeeded()) ? Page() : NotFound();

    public async Task<IActionResult> OnPost()
    {
        if (!await Send(new IsSetupNeeded())) return NotFound();
        return RedirectOrShow(await Execute(new SetUp(Input.Code, Input.OrganizationName, Input.Name, Input.Email, Input.Password, Origin)),
            "Setup complete. Sign in with your new account.", "/sign-in");
    }

    public sealed record Form(string? Code, string? OrganizationName, string? Name, string? Email, string? Password);
}
