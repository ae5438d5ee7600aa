using System.Text.Json;
using System.Text.Json.Nodes;
using MediatR;

namespace DirectoryPlatform.Provisioning;

/// <summary>What a provider is answered.</summary>
/// <param name="Body">Null for nothing.</param>
/// <param name="ETag">Of the resource; null where the answer is not one.</param>
/// <param name="Odd">What the troubleshooting log should know although it was carried out; null for nothing.</param>
public sealed record ScimReply(JsonObject? Body, string? ETag = null, string? Location = null, string? Odd = null)
{
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
