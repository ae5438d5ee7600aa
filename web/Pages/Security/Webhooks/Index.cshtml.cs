namespace DirectoryPlatform.Web.Pages.Security.Webhooks;

/// <summary>Where the audit log is sent (SPEC L3). A new secret is shown by the answer to its form and by nothing else.</summary>
[Requires(Permission.ManageWebhooks, Fresh = true)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public IReadOnlyList<WebhookView> Webhooks { get; private set; } = [];
    public NewWebhook? Created { get; private set; }

    public async Task OnGet() => Webhooks = await Send(new ReadWebhooks(Organization));

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new CreateWebhook(Organization, Visitor!.Account, Input.Url, Origin));
        Webhooks = await Send(new ReadWebhooks(Organization));
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        Created = outcome.Value;
        // The form below is for the next one.
        ModelState.Clear();
        Input = new(null);
        return Page();
    }

    public sealed record Form(string? Url);
}
