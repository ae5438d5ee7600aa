using System.Text.Json;
using MediatR;

namespace DirectoryPlatform.Provisioning;

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

/// <summary>RFC 7644, 3.5.2. Writes the members that it names and no others. Answers with the group only if certain attributes are asked
/// for: it may be large.</summary>
public sealed record PatchScimGroup(ProvisioningGrant By, Guid Group, JsonElement Body, string? IfMatch, ScimWanted Wanted, Origin Origin)
    : IRequest<Outcome<ScimReply>>;

/// <summary>The group goes, with what it opened; its members stay.</summary>
public sealed record DeleteScimGroup(ProvisioningGrant By, Guid Group, string? IfMatch, Origin Origin) : IRequest<Outcome<ScimReply>>;

public sealed record ReadScimGroup(ProvisioningGrant By, Guid Group, ScimWanted Wanted) : IRequest<Outcome<ScimReply>>;

/// <summary>RFC 7644, 3.4.2.</summary>
public sealed record ListScimGroups(ProvisioningGrant By, ScimQuery Query) : IRequest<Outcome<ScimReply>>;
