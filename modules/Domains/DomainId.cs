namespace DirectoryPlatform.Domains;

/// <summary>One organization's hold on one domain name. The same name added by another organization
/// has another id and another token (SPEC D4).</summary>
public readonly record struct DomainId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>SPEC D8. Only <see cref="Verified"/> and <see cref="MissingToken"/> own the name,
/// and the database lets one organization at a time.</summary>
public enum DomainState { Unverified, Verified, MissingToken, Superseded, Removed }
