namespace DirectoryPlatform.Provisioning.Internal.Protocol;

sealed class ScimDiscovery : IScimDiscovery
{
    const string ConfigUrn = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
    SchemaUrn = "urn:ietf:params:scim:schemas:core:2.0:Schema", TypeUrn = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";

    static readonly ScimResource[] Kinds = [ScimResource.User, ScimResource.Group];

    static IEnumerable<ScimSchema> All => Kinds.SelectMany(k => k.Extensions.Prepend(k.Core));

    public JsonObject ServiceProviderConfig(string root) => new()
    {
        ["schemas"] = new JsonArray(ConfigUrn),
        ["patch"] = Supported(true),
        ["bulk"] = new JsonObject
        {
            ["supported"] = true,
            ["maxOperations"] = CarryOutBulk.MostOperations,
            ["maxPayloadSize"] = CarryOutBulk.MostBytes,
        },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ScimPaging.Most },
        ["changePassword"] = Supported(false),
        ["sort"] = Supported(false),
        ["etag"] = Supported(true),
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken",
            ["name"] = "Bearer token",
            ["description"] = "The token that an organization admin got when the directory was created or its token renewed.",
            ["specUri"] = "https://www.rfc-editor.org/rfc/rfc6750",
            ["primary"] = true,
        }),
        ["meta"] = Meta("ServiceProviderConfig", $"{root}/ServiceProviderConfig"),
    };

    public JsonObject Schemas(string root) => List([.. All.Select(s => Write(s, root))]);

    public JsonObject? Schema(string root, string urn) =>
        All.FirstOrDefault(s => s.Urn.Equals(urn, StringComparison.OrdinalIgnoreCase)) is { } schema ? Write(schema, root) : null;

    public JsonObject ResourceTypes(string root) => List([.. Kinds.Select(k => Write(k, root))]);

    public JsonObject? ResourceType(string root, string name) =>
        Kinds.FirstOrDefault(k => k.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } kind ? Write(kind, root) : null;

    static JsonObject List(IReadOnlyList<JsonObject> all) => ScimList.Of(all.Count, new ScimPaging(1, all.Count), all);

    static JsonObject Supported(bool yes) => new() { ["supported"] = yes };

    static JsonObject Meta(string type, string location) => new() { ["resourceType"] = type, ["location"] = location };

    static JsonObject Write(ScimResource kind, string root) => new()
    {
        ["schemas"] = new JsonArray(TypeUrn),
        ["id"] = kind.Name,
        ["name"] = kind.Name,
        ["description"] = kind.Core.Description,
        ["endpoint"] = kind.Endpoint,
        ["schema"] = kind.Core.Urn,
        ["schemaExtensions"] = new JsonArray([.. kind.Extensions.Select(e => new JsonObject { ["schema"] = e.Urn, ["required"] = false })]),
        ["meta"] = Meta("ResourceType", $"{root}/ResourceTypes/{kind.Name}"),
    };

    static JsonObject Write(ScimSchema schema, string root) => new()
    {
        ["schemas"] = new JsonArray(SchemaUrn),
        ["id"] = schema.Urn,
        ["name"] = schema.Name,
        ["description"] = schema.Description,
        ["attributes"] = new JsonArray([.. schema.Attributes.Select(Write)]),
        ["meta"] = Meta("Schema", $"{root}/Schemas/{schema.Urn}"),
    };

    static JsonObject Write(ScimAttribute attribute)
    {
        var shape = new JsonObject
        {
            ["name"] = attribute.Name,
            ["type"] = Word(attribute.Type),
            ["multiValued"] = attribute.Many,
            ["description"] = attribute.Description,
            ["required"] = attribute.Required,
            ["caseExact"] = attribute.CaseExact,
            ["mutability"] = Word(attribute.Mutability),
            ["returned"] = Word(attribute.Returned),
            ["uniqueness"] = attribute.Uniqueness,
        };
        if (attribute.Canonical.Count > 0) shape["canonicalValues"] = new JsonArray([.. attribute.Canonical]);
        if (attribute.References.Count > 0) shape["referenceTypes"] = new JsonArray([.. attribute.References]);
        if (attribute.Sub.Count > 0) shape["subAttributes"] = new JsonArray([.. attribute.Sub.Select(Write)]);
        return shape;
    }

    static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName($"{value}");
}
