namespace DirectoryPlatform.Kernel.Ids;

/// <summary>A person's identity on the whole platform; never changes and is never given to another.</summary>
public readonly record struct AccountId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A company: who owns domains and sites, and whose admins manage accounts. Never changes.</summary>
public readonly record struct OrganizationId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One organization's hold on one domain name. The same name added by another organization
/// has another id and another token (SPEC D4).</summary>
public readonly record struct DomainId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A place with a URL where an organization runs apps.</summary>
public readonly record struct SiteId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>People of an organization who get access together.</summary>
public readonly record struct GroupId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>An open or accepted invitation to a site.</summary>
public readonly record struct InvitationId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>An organization's rules for signing in.</summary>
public readonly record struct PolicyId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One condition by which people come under a policy.</summary>
public readonly record struct PolicyRuleId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>An identity provider of an organization that says which people and groups there are.</summary>
public readonly record struct IdentityDirectoryId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>An address that an organization has its events sent to.</summary>
public readonly record struct WebhookId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>Work on many items in the background; also the id of the draft that it began as.</summary>
public readonly record struct JobId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
