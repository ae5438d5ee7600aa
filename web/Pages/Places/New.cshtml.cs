namespace DirectoryPlatform.Web.Pages.Places;

[Requires(Permission.ManageSites)]
public sealed class NewModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null);

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new CreateSite(Organization, Input.Name, Input.Url, Origin));
        return outcome.Granted
            ? RedirectWithNotice("The site is there. Put apps on it, then invite people.", $"{Home}/sites/{outcome.Value}")
            : ShowError(outcome.Refusal, outcome.Refusal is UrlTaken ? nameof(Form.Url) : null);
    }

    public sealed record Form(string? Name, string? Url);
}
