using DirectoryPlatform.Accounts;

namespace DirectoryPlatform.Webhooks;

/// <summary>A new address to which the organization's audit log is sent, from now on (SPEC L3).</summary>
public sealed record CreateWebhook(OrganizationId Organization, AccountId By, string? Url, Origin Origin) : IRequest<Outcome<NewWebhook>>
{
    /// <summary>Own choice; each is sent everything.</summary>
    public const int Most = 10;
}

/// <param name="Secret">Signs what is sent; shown this once.</param>
public sealed record NewWebhook(WebhookView Webhook, string Secret);

/// <param name="Failure">Why the last try failed; null when it did not.</param>
/// <param name="NextAt">When it is tried again; null when nothing is waiting for that.</param>
/// <param name="Waiting">Sealed entries that are not delivered yet.</param>
public sealed record WebhookView(WebhookId Id, string Url, DateTimeOffset CreatedAt, bool Paused, int Attempts, DateTimeOffset? NextAt,
    string? Failure, long Waiting);

/// <param name="Delivery">The id that the receiver saw; the same at each try.</param>
/// <param name="Status">Of HTTP; null when there was no answer.</param>
/// <param name="Failure">Null when it was delivered.</param>
public sealed record WebhookTry(Guid Id, Guid Delivery, DateTimeOffset At, int Events, TimeSpan Took, int? Status, string? Failure,
    bool ByHand);

/// <param name="Tries">The newest hundred, of the last 30 days.</param>
public sealed record WebhookDetail(WebhookView Webhook, IReadOnlyList<WebhookTry> Tries);

public sealed record ReadWebhooks(OrganizationId Organization) : IRequest<IReadOnlyList<WebhookView>>;

public sealed record ReadWebhook(OrganizationId Organization, WebhookId Webhook) : IRequest<Outcome<WebhookDetail>>;

/// <summary>While paused nothing is sent and nothing is lost: what is sealed meanwhile is sent afterwards.</summary>
public sealed record PauseWebhook(OrganizationId Organization, WebhookId Webhook, bool Paused, Origin Origin) : IRequest<Outcome<Done>>;

public sealed record DeleteWebhook(OrganizationId Organization, WebhookId Webhook, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Sends a delivery once more, at once, with its own id. The order of what is waiting is not touched.</summary>
public sealed record SendAgain(OrganizationId Organization, WebhookId Webhook, Guid Try, Origin Origin) : IRequest<Outcome<WebhookTry>>;

public sealed record TooManyWebhooks()
    : Refusal("tooManyWebhooks", $"An organization has at most {CreateWebhook.Most} webhooks. Delete one first.");

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
