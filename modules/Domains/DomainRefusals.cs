namespace DirectoryPlatform.Domains;

public sealed record DomainAlreadyAdded() : Refusal("domainAlreadyAdded", "Your organization has added this domain already.");
public sealed record DomainNotVerified() : Refusal("domainNotVerified", "This domain is not verified yet.");
public sealed record DomainStillOwned() : Refusal("domainStillOwned", "This domain is verified; it cannot be taken over.");
public sealed record DomainOwnedElsewhere() : Refusal("domainOwnedElsewhere", "Another organization has verified this domain.");
