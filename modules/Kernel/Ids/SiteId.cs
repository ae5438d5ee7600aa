namespace DirectoryPlatform.Kernel.Ids;

/// <summary>A place with a URL where an organization runs apps.</summary>
public readonly record struct SiteId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
