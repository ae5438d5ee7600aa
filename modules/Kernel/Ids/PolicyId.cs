namespace DirectoryPlatform.Kernel.Ids;

/// <summary>An organization's rules for signing in.</summary>
public readonly record struct PolicyId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
