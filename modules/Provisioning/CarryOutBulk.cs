using System.Text.Json;
using MediatR;

namespace DirectoryPlatform.Provisioning;

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
