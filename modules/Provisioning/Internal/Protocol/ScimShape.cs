namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <param name="Location">The resource's own address.</param>
/// <param name="Mark">What changed without a new version, so that the tag is another one all the same.</param>
sealed record ScimMeta(DateTimeOffset Created, DateTimeOffset LastModified, long Version, string Location, string Mark = "")
{
    /// <summary>As it stands in <c>meta.version</c> and the ETag header.</summary>
    public string ETag => string.Create(CultureInfo.InvariantCulture, $"W/\"{Version}{Mark}\"");

    public JsonObject Write(ScimResource kind) => new()
    {
        ["resourceType"] = kind.Name,
        ["created"] = Time(Created),
        ["lastModified"] = Time(LastModified),
        ["location"] = Location,
        ["version"] = ETag,
    };

    /// <summary>To the microsecond, as the database has it: a time that was read here and
    /// is asked for in a filter finds its resource.</summary>
    static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What of a resource is asked for (RFC 7644, 3.9): <c>attributes</c> or <c>excludedAttributes</c>, by names that may be
/// qualified. In the schema's letter case.</summary>
sealed record ScimProjection(IReadOnlySet<string>? Only, IReadOnlySet<string>? Without)
{
    public static readonly ScimProjection All = new(null, null);

    /// <summary>Comma-separated names, or null. Naming both is refused with invalidValue; unknown names are passed over.</summary>
    public static Outcome<ScimProjection> Read(ScimWanted wanted, ScimResource kind) => wanted switch
    {
        ({ Length: > 0 }, { Length: > 0 }) => ScimFault.Value("Use either attributes or excludedAttributes, not both."),
        ({ Length: > 0 } attributes, _) => new ScimProjection(Names(attributes, kind), null),
        (_, { Length: > 0 } excluded) => new ScimProjection(null, Names(excluded, kind)),
        _ => All,
    };

    /// <summary>Whether anything of the attribute will be shown: what will not need not be read.</summary>
    public bool Shows(string attribute) =>
        Only is null
        ? Without?.Contains(attribute) is not true
        : Only.Any(o => o == attribute || o.StartsWith($"{attribute}.", StringComparison.Ordinal));

    static HashSet<string> Names(string list, ScimResource kind) =>
        [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(kind.Find).OfType<ScimTarget>()
            .Select(t => t.Path)];

    /// <summary>Leaves of an object what is asked for; <paramref name="prefix"/> is its own path with the sign that follows it.</summary>
    public void Trim(JsonObject whole, string prefix, Func<string, bool> always)
    {
        foreach (var (name, node) in whole.ToList())
        {
            if (always(name)) continue;
            var path = prefix + name;
            if (Without?.Contains(path) is true || Only is not null && !Only.Contains(path) && !Only.Any(o => IsWithin(o, path)))
                whole.Remove(name);
            else if (Only is null || !Only.Contains(path)) Deeper(node, path);
        }
    }

    void Deeper(JsonNode? node, string path)
    {
        var prefix = path == ScimSchemas.EnterpriseUrn ? $"{path}:" : $"{path}.";
        foreach (var parts in node is JsonArray list ? list.OfType<JsonObject>() : node is JsonObject one ? [one] : [])
            Trim(parts, prefix, _ => false);
    }

    static bool IsWithin(string asked, string path) => asked.Length > path.Length && asked.StartsWith(path, StringComparison.Ordinal)
        && asked[path.Length] is '.' or ':';
}

/// <summary>A resource as a provider gets it.</summary>
static class ScimShape
{
    /// <param name="resource">Normalized; readOnly attributes such as <c>groups</c> may have been added. Copied, not changed.</param>
    public static JsonObject Of(ScimResource kind, Guid id, JsonObject resource, ScimMeta meta, ScimProjection projection)
    {
        var schemas = new JsonArray(kind.Core.Urn);
        foreach (var extension in kind.Extensions)
            if (resource[extension.Urn] is JsonObject { Count: > 0 }) schemas.Add(extension.Urn);
        var shape = new JsonObject { ["schemas"] = schemas, ["id"] = $"{id}" };
        foreach (var (name, node) in resource) shape[name] = node?.DeepClone();
        shape["meta"] = meta.Write(kind);
        if (projection != ScimProjection.All) projection.Trim(shape, "", name => name is "schemas" or "id");
        return shape;
    }
}
