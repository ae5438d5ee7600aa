namespace DirectoryPlatform.Kernel.Ids;

/// <summary>A person's identity on the whole platform; never changes and is never given to another.</summary>
public readonly record struct AccountId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
