namespace DirectoryPlatform.Web.Pages.Directory.Domains;

/// <summary>The first step of proving a domain (SPEC D1).</summary>
[Requires(Permission.ManageDomains)]
public sealed class AddModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new AddDomain(Organization, Input.Name, Origin));
        return outcome.Granted ? LocalRedirect($"{Home}/domains/{outcome.Value}") : ShowError(outcome.Refusal, nameof(Input.Name));
    }

    public sealed record Form(string? Name);
}
