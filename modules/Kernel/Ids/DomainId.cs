namespace DirectoryPlatform.Kernel.Ids;

/// <summary>One organization's hold on one domain name. The same name added by another organization
/// has another id and another token (SPEC D4).</summary>
public readonly record struct DomainId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
