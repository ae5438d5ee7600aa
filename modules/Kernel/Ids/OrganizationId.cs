namespace DirectoryPlatform.Kernel.Ids;

/// <summary>A company: who owns domains and sites, and whose admins manage accounts. Never changes.</summary>
public readonly record struct OrganizationId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
