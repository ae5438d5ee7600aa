namespace DirectoryPlatform.Domains;

/// <summary>SPEC D8. Only <see cref="Verified"/> and <see cref="MissingToken"/> own the name,
/// and the database lets one organization at a time.</summary>
public enum DomainState { Unverified, Verified, MissingToken, Superseded, Removed }
