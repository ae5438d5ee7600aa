namespace DirectoryPlatform.Kernel.Ids;

/// <summary>One condition by which people come under a policy.</summary>
public readonly record struct PolicyRuleId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
