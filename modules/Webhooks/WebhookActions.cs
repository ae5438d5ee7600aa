namespace DirectoryPlatform.Webhooks;

/// <summary>What is done to webhooks. The words stand in sealed entries: a constant may get another name, its value never changes.
/// </summary>
public static class WebhookActions
{
    public const string WebhookCreated = "WebhookCreated";
    public const string WebhookDeleted = "WebhookDeleted";
    public const string WebhookPaused = "WebhookPaused";
    public const string WebhookResumed = "WebhookResumed";
    public const string WebhookSentAgain = "WebhookSentAgain";
}
