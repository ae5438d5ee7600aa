namespace DirectoryPlatform.Kernel.Ids;

/// <summary>An identity provider of an organization that says which people and groups there are.</summary>
public readonly record struct IdentityDirectoryId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
