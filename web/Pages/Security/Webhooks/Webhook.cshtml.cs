namespace DirectoryPlatform.Web.Pages.Security.Webhooks;

/// <summary>What arrived at a webhook and what did not.</summary>
[Requires(Permission.ManageWebhooks, FreshToSend = true)]
public sealed class WebhookModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid WebhookId { get; set; }

    public WebhookId Webhook => new(WebhookId);
    public string Path => $"{Home}/webhooks/{WebhookId}";
    public WebhookDetail View { get; private set; } = null!;

    Task<IActionResult?> Load() => Find(new ReadWebhook(Organization, Webhook), found => View = found);

    public async Task<IActionResult> OnGet() => await Load() ?? Page();

    public async Task<IActionResult> OnPostPause(bool paused) =>
        await Load() ?? RedirectWithAnswer(await Execute(new PauseWebhook(Organization, Webhook, paused, Origin)),
            paused ? "Webhook paused. New entries are sent when you resume it." : "Webhook resumed.", Path);

    public async Task<IActionResult> OnPostSendAgain(Guid delivery) =>
        await Load() ?? RedirectWithAnswer(await Execute(new SendAgain(Organization, Webhook, delivery, Origin)),
            sent => sent.Failure is null
                ? "Delivery resent successfully."
                : $"The delivery was resent but failed. {sent.Failure}", Path);
}
