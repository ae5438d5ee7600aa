namespace DirectoryPlatform.Webhooks.Internal;

/// <summary>Tests look more often, because they wait for it.</summary>
sealed record WebhookSettings
{
    /// <summary>How soon what was sealed, and a webhook whose pause is over, is seen (own choice).</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(1);
}
