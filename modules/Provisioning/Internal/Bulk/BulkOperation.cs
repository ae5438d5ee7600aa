namespace DirectoryPlatform.Provisioning.Internal.Bulk;

/// <summary>One request within a bulk request.</summary>
/// <param name="Method">POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">Below the directory's address: "/Users" or "/Groups/{id}".</param>
/// <param name="Version">Stands for the If-Match header.</param>
/// <param name="Broken">Why this one cannot be carried out; the others can.</param>
sealed record BulkOperation(string Method, string? BulkId, string Path, string? Version, JsonElement Data, ScimFault? Broken)
{
    static readonly string[] Methods = ["POST", "PUT", "PATCH", "DELETE"];

    public static Outcome<IReadOnlyList<BulkOperation>> ReadAll(JsonElement body)
    {
        if (Member(body, "Operations") is not { ValueKind: JsonValueKind.Array } given || given.GetArrayLength() == 0)
            return ScimFault.Syntax("The body has no Operations.");
        if (given.GetArrayLength() > CarryOutBulk.MostOperations)
            return new ScimFault(413, null, $"A bulk request has at most {CarryOutBulk.MostOperations} operations.");
        var all = given.EnumerateArray().Select(Read).ToList();
        return all.Where(o => o.BulkId is not null).GroupBy(o => o.BulkId, StringComparer.Ordinal)
            .FirstOrDefault(g => g.Count() > 1) is { } twice ? ScimFault.Value($"The bulkId {twice.Key} is used by two operations.") : all;
    }

    static BulkOperation Read(JsonElement given)
    {
        var (method, path, bulkId, data) = (Text(given, "method")?.ToUpperInvariant() ?? "", Text(given, "path") ?? "",
            Text(given, "bulkId"), Member(given, "data") ?? default);
        var segments = path.Trim('/').Split('/');
        var broken = !Methods.Contains(method) ? ScimFault.Syntax("The method must be POST, PUT, PATCH or DELETE.")
            : segments[0] is not ("Users" or "Groups") || segments.Length != (method == "POST" ? 1 : 2)
                ? ScimFault.Path($"The path of a {method} must be /Users or /Groups{(method == "POST" ? "" : ", with an id")}.")
            : method == "POST" && string.IsNullOrEmpty(bulkId) ? ScimFault.Syntax("A POST must have a bulkId.")
            : method != "DELETE" && data.ValueKind is not JsonValueKind.Object ? ScimFault.Syntax($"The data of a {method} must be an "
                + "object.")
            // Passed over, it would let a stale change through.
            : Member(given, "version") is { ValueKind: not (JsonValueKind.String or JsonValueKind.Null) }
                ? ScimFault.Syntax("The version must be text, such as W/\"3\".")
            : null;
        return new(method, string.IsNullOrEmpty(bulkId) ? null : bulkId, path, Text(given, "version"), data, broken);
    }

    /// <summary>The bulkIds of operations whose result this one needs.</summary>
    public IReadOnlyList<string> Needs => Broken is not null
        ? []
        : [.. ReferencesIn(Data).Concat(Path.Split('/').Where(IsReference).Select(NameOf)).Distinct(StringComparer.Ordinal)];

    /// <param name="made">What was made under which bulkId.</param>
    /// <returns>"Users" or "Groups", and the id; an empty id is one that nothing has.</returns>
    public (string All, Guid? Id) Place(IReadOnlyDictionary<string, Guid> made)
    {
        var segments = Path.Trim('/').Split('/');
        return (segments[0],
            segments.Length == 1 ? null
            : IsReference(segments[1]) ? made.GetValueOrDefault(NameOf(segments[1]))
            : Guid.TryParse(segments[1], out var id) ? id : Guid.Empty);
    }

    /// <summary>The address of the resource that the operation is about, were it none; null for a POST, and for what names a resource that
    /// was not made.</summary>
    /// <param name="root">The directory's address.</param>
    public string? Location(string root, IReadOnlyDictionary<string, Guid> made) =>
        Method == "POST" || Path.Trim('/').Split('/') is not ["Users" or "Groups", { Length: > 0 } id] ? null
            : !IsReference(id) ? $"{root}/{Place(made).All}/{Uri.EscapeDataString(id)}"
            : made.TryGetValue(NameOf(id), out var known) ? $"{root}/{Place(made).All}/{known}"
            : null;

    public JsonElement Body(IReadOnlyDictionary<string, Guid> made) => Data.ValueKind is JsonValueKind.Undefined || Needs.Count == 0
        ? Data
        : JsonSerializer.SerializeToElement(Resolve(JsonNode.Parse(Data.GetRawText()), null, made));

    /// <param name="member">The name under which the node stands; null for none.</param>
    static JsonNode? Resolve(JsonNode? node, string? member, IReadOnlyDictionary<string, Guid> made) => node switch
    {
        JsonObject parts => new JsonObject(parts.Select(p => KeyValuePair.Create(p.Key, Resolve(p.Value, p.Key, made)))),
        JsonArray list => new JsonArray([.. list.Select(item => Resolve(item, member, made))]),
        JsonValue value when value.GetValueKind() is JsonValueKind.String =>
            BulkReferences.Resolve(value.GetValue<string>(), member, name => made[name]),
        _ => node?.DeepClone(),
    };

    static IEnumerable<string> ReferencesIn(JsonElement element, string? member = null) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => ReferencesIn(p.Value, p.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => ReferencesIn(item, member)),
        JsonValueKind.String => BulkReferences.In(element.GetString()!, member),
        _ => [],
    };

    static bool IsReference(string text) => text.StartsWith(BulkReferences.Prefix, StringComparison.Ordinal);

    static string NameOf(string reference) => reference[BulkReferences.Prefix.Length..];

    static string? Text(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } text
        ? text.GetString()
        : null;

    public static JsonElement? Member(JsonElement of, string name)
    {
        if (of.ValueKind is not JsonValueKind.Object) return null;
        foreach (var member in of.EnumerateObject())
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return member.Value;
        return null;
    }
}
