namespace DirectoryPlatform.Provisioning;

/// <summary>What a provider is answered.</summary>
/// <param name="Body">Null for nothing.</param>
/// <param name="ETag">Of the resource; null where the answer is not one.</param>
/// <param name="Odd">What the troubleshooting log should know although it was carried out; null for nothing.</param>
public sealed record ScimReply(JsonObject? Body, string? ETag = null, string? Location = null, string? Odd = null)
{
    /// <summary>Of many requests in one: the same for each of them that was carried out.</summary>
    public IReadOnlyList<OddRequest> Each { get; init; } = [];

    /// <summary>Beside a resource: sentences about what was not carried out as sent, each with its attribute in front (SPEC P5).</summary>
    public const string PassedOver = "urn:directoryplatform:params:scim:api:messages:2.0:PassedOver";
}

/// <summary>What of a resource is asked for, as it stands in the address or the body.</summary>
public sealed record ScimWanted(string? Attributes, string? ExcludedAttributes);

/// <summary>Which resources are asked for, as it stands in the address or the body.</summary>
public sealed record ScimQuery(string? Filter, string? StartIndex, string? Count, ScimWanted Wanted);

/// <summary>A new person of the directory (RFC 7644, 3.3; SPEC P2). All of these are refused with a
/// <see cref="ScimFault"/>.</summary>
public sealed record CreateScimUser(ProvisioningGrant By, JsonElement Body, ScimWanted Wanted, Origin Origin)
    : IRequest<Outcome<ScimReply>>;

/// <summary>RFC 7644, 3.5.1.</summary>
/// <param name="IfMatch">The header; null for none.</param>
public sealed record ReplaceScimUser(ProvisioningGrant By, Guid User, JsonElement Body, string? IfMatch, ScimWanted Wanted, Origin Origin)
    : IRequest<Outcome<ScimReply>>;

/// <summary>RFC 7644, 3.5.2.</summary>
public sealed record PatchScimUser(ProvisioningGrant By, Guid User, JsonElement Body, string? IfMatch, ScimWanted Wanted, Origin Origin)
    : IRequest<Outcome<ScimReply>>;

/// <summary>Unlinks the person and deactivates the account (SPEC P2); nothing is deleted.</summary>
public sealed record DeleteScimUser(ProvisioningGrant By, Guid User, string? IfMatch, Origin Origin) : IRequest<Outcome<ScimReply>>;

public sealed record ReadScimUser(ProvisioningGrant By, Guid User, ScimWanted Wanted) : IRequest<Outcome<ScimReply>>;

/// <summary>RFC 7644, 3.4.2.</summary>
public sealed record ListScimUsers(ProvisioningGrant By, ScimQuery Query) : IRequest<Outcome<ScimReply>>;

/// <summary>People, and behind them groups, that one question fits (RFC 7644, 3.4.3 at the root). What one kind has no attribute for is not
/// there in it.</summary>
public sealed record SearchScim(ProvisioningGrant By, ScimQuery Query) : IRequest<Outcome<ScimReply>>;

/// <summary>
/// A new group of the directory (RFC 7644, 3.3; SPEC P2): one of the organization's groups, whose name and members the provider says from
/// now on. A name that is in use is refused, whoever uses it: a provider takes over no group of an admin's making. All of these are refused
/// with a <see cref="ScimFault"/>.
/// </summary>
public sealed record CreateScimGroup(ProvisioningGrant By, JsonElement Body, ScimWanted Wanted, Origin Origin)
    : IRequest<Outcome<ScimReply>>;

/// <summary>RFC 7644, 3.5.1. Members are replaced when the body names them, were it none; a body without them, as a rename sends it, leaves
/// them (the RFC leaves it to the server).</summary>
public sealed record ReplaceScimGroup(ProvisioningGrant By, Guid Group, JsonElement Body, string? IfMatch, ScimWanted Wanted,
    Origin Origin) : IRequest<Outcome<ScimReply>>;

/// <summary>RFC 7644, 3.5.2. Writes the members that it names and no others. Answers with the group, or with nothing where it has more than
/// <see cref="MostShown"/> members and no certain attributes are asked for.</summary>
public sealed record PatchScimGroup(ProvisioningGrant By, Guid Group, JsonElement Body, string? IfMatch, ScimWanted Wanted, Origin Origin)
    : IRequest<Outcome<ScimReply>>
{
    /// <summary>Members in the answer (own choice): a group that is filled step by step is not told again with each step.</summary>
    public const int MostShown = 1_000;
}

/// <summary>The group goes, with what it opened; its members stay.</summary>
public sealed record DeleteScimGroup(ProvisioningGrant By, Guid Group, string? IfMatch, Origin Origin) : IRequest<Outcome<ScimReply>>;

public sealed record ReadScimGroup(ProvisioningGrant By, Guid Group, ScimWanted Wanted) : IRequest<Outcome<ScimReply>>;

/// <summary>RFC 7644, 3.4.2.</summary>
public sealed record ListScimGroups(ProvisioningGrant By, ScimQuery Query) : IRequest<Outcome<ScimReply>>;

/// <summary>
/// Many requests in one (RFC 7644, 3.7), each through the handler that it would have by itself, in a transaction of its own and with an
/// answer of its own. What one names by another's bulkId waits for that one; those that wait for each other are refused. Refused as a whole
/// with a <see cref="ScimFault"/> only when the body is no bulk request, or too large.
/// </summary>
public sealed record CarryOutBulk(ProvisioningGrant By, JsonElement Body, Origin Origin) : IRequest<Outcome<ScimReply>>
{
    /// <summary>Operations of one request, and its bytes (own choices): a provider's usual first load in some hundred requests.</summary>
    public const int MostOperations = 1_000, MostBytes = 1_048_576;
}
