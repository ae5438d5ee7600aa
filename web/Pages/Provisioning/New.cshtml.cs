namespace DirectoryPlatform.Web.Pages.Provisioning;

/// <summary>Makes a directory (SPEC P2). Its token is shown by the answer to the form and by nothing else.</summary>
[Requires(Permission.ManageProvisioning, Fresh = true)]
public sealed class NewModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public NewProvisioningToken? Created { get; private set; }
    public string Back => $"{Home}/identity-providers";

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new CreateIdentityDirectory(Organization, Visitor!.Account, Input.Name, Origin));
        if (!outcome.Granted) return ShowError(outcome.Refusal, outcome.Refusal is DirectoryNameTaken ? "name" : null);
        Created = outcome.Value;
        return Page();
    }

    public sealed record Form(string? Name);
}
