namespace DirectoryPlatform.Provisioning;

/// <summary>Why a provider's request was not carried out, as RFC 7644, 3.12 has it written.</summary>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Type">The <c>scimType</c> of the RFC's table 9; null where it has none for the case.</param>
/// <param name="Detail">A sentence for whoever reads the provider's log.</param>
public sealed record ScimFault(int Status, string? Type, string Detail) : Refusal(Type ?? "scim", Detail)
{
    /// <summary>Of a refusal that ends by itself: after how many seconds, for the header of this name.</summary>
    public int? RetryAfter { get; init; }

    public static ScimFault Filter(string why) => new(400, "invalidFilter", why);
    public static ScimFault Syntax(string why) => new(400, "invalidSyntax", why);
    public static ScimFault Path(string why) => new(400, "invalidPath", why);
    public static ScimFault Value(string why) => new(400, "invalidValue", why);
    public static ScimFault Mutability(string why) => new(400, "mutability", why);
    public static ScimFault NoTarget(string why) => new(400, "noTarget", why);
    public static ScimFault Uniqueness(string why) => new(409, "uniqueness", why);
    public static ScimFault NotFound(string what) => new(404, null, $"There is no such {what} here.");
    public static ScimFault Version() => new(412, null, "The resource has a different version from If-Match. Read it again.");

    /// <summary>The body of the answer, and of an operation's answer within a bulk.</summary>
    public JsonObject Write()
    {
        var fault = new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:Error"),
            ["status"] = Status.ToString(CultureInfo.InvariantCulture)
        };
        if (Type is not null) fault["scimType"] = Type;
        fault["detail"] = Detail;
        return fault;
    }
}
