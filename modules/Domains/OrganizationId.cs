namespace DirectoryPlatform.Domains;

/// <summary>The immutable id of an organization. It lives here because Domains is the lowest room that speaks of organizations.</summary>
public readonly record struct OrganizationId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
