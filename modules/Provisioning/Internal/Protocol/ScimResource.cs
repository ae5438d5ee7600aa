namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>What a kind of resource consists of (RFC 7643, 4 and 8.7):
/// the one table behind reading, filters, PATCH, answers and the discovery documents.</summary>
/// <param name="Endpoint">Under the directory's base URL.</param>
sealed partial record ScimResource(string Name, string Endpoint, ScimSchema Core, IReadOnlyList<ScimSchema> Extensions)
{
    public static readonly ScimResource User = new("User", "/Users", ScimSchemas.User, [ScimSchemas.Enterprise]),
    Group = new("Group", "/Groups", ScimSchemas.Group, []);

    /// <summary>Names are compared without letter case (RFC 7643, 2.1),
    /// and may carry their schema's URN in front (RFC 7644, 3.10).</summary>
    /// <returns>Null for a name that no schema knows.</returns>
    public ScimTarget? Find(string name)
    {
        if (Strip(name, Core.Urn) is { } core)
            return core.Length == 0 ? null : Within(core, null, [.. Core.Attributes, .. ScimSchemas.Common]);
        foreach (var extension in Extensions)
            if (Strip(name, extension.Urn) is { } rest)
                return rest.Length == 0 ? new(extension.Urn, null, null) : Within(rest, extension.Urn, extension.Attributes);
        return Within(name, null, [.. Core.Attributes, .. ScimSchemas.Common]);
    }

    /// <summary>Whether it is the core schema's own URN.</summary>
    public bool IsCore(string name) => name.Equals(Core.Urn, StringComparison.OrdinalIgnoreCase);

    /// <summary>As they were sent; with them those that stand in one object behind the core schema's URN, as an extension's do behind its
    /// own.</summary>
    public IEnumerable<JsonProperty> MembersOf(JsonElement given) => given.EnumerateObject().SelectMany(member =>
        member.Value.ValueKind is JsonValueKind.Object && IsCore(member.Name) ? MembersOf(member.Value) : [member]);

    static string? Strip(string name, string urn) =>
        !name.StartsWith(urn, StringComparison.OrdinalIgnoreCase) ? null
        : name.Length == urn.Length ? ""
        : name[urn.Length] == ':' ? name[(urn.Length + 1)..]
        : null;

    static ScimTarget? Within(string name, string? extension, IReadOnlyList<ScimAttribute> attributes)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var first = dot < 0 ? name : name[..dot];
        if (attributes.FirstOrDefault(a => a.Name.Equals(first, StringComparison.OrdinalIgnoreCase)) is not { } attribute) return null;
        if (dot < 0) return new(extension, attribute, null);
        return attribute.Find(name[(dot + 1)..]) is { } sub ? new(extension, attribute, sub) : null;
    }
}
