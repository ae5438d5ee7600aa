namespace DirectoryPlatform.Kernel.Ids;

/// <summary>An address that an organization has its events sent to.</summary>
public readonly record struct WebhookId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
