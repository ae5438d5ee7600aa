namespace DirectoryPlatform.Web.Api.Scim;

/// <summary>What stands in the address, the headers or the body of a search.</summary>
static class ScimAsked
{
    const string Filter = "filter", EmptyFilter = "The filter is empty. Leave it out to find everything.";

    /// <summary>All of a search (RFC 7644, 3.4.3). In which order resources come is not chosen here, and moves nobody in or out.</summary>
    static readonly string[] OfSearch =
        ["schemas", Filter, "startIndex", "count", "attributes", "excludedAttributes", "sortBy", "sortOrder"];

    public static ScimWanted Wanted(HttpRequest request) => new(One(request, "attributes"), One(request, "excludedAttributes"));

    /// <summary>A filter that is empty, or one of two, would show more than is meant. What else stands in an address is not looked at:
    /// providers put words of their own there.</summary>
    public static Outcome<ScimQuery> Query(HttpRequest request) => request.Query[Filter] switch
    {
        { Count: > 1 } => ScimFault.Filter("There is more than one filter. Join them with and."),
        [var filter] when string.IsNullOrWhiteSpace(filter) => ScimFault.Filter(EmptyFilter),
        _ => new ScimQuery(One(request, Filter), One(request, "startIndex"), One(request, "count"), Wanted(request)),
    };

    public static string? IfMatch(HttpRequest request) => request.Headers.IfMatch is { Count: > 0 } tags
        ? string.Join(',', tags.ToArray())
        : null;

    /// <summary>Whether the provider has what it would be sent (RFC 7644, 3.14).</summary>
    public static bool Knows(HttpRequest request, Outcome<ScimReply> outcome) => outcome is { Granted: true, Value.ETag: { } tag }
        && request.Headers.IfNoneMatch is { Count: > 0 } known
        && string.Join(',', known.ToArray()).Split(',').Select(t => t.Trim()).Any(t => t == "*" || Strong(t) == Strong(tag));

    /// <summary>RFC 7644, 3.4.3: the same questions in a body, where names may stand in a list.</summary>
    public static async Task<Outcome<ScimQuery>> Search(HttpContext http)
    {
        var body = await ScimAnswer.Body(http);
        if (!body.Granted) return body.Refusal;
        var said = body.Value.EnumerateObject().ToLookup(p => p.Name, p => p.Value, StringComparer.OrdinalIgnoreCase);
        if (said.FirstOrDefault(s => s.Count() > 1 || !OfSearch.Contains(s.Key, StringComparer.OrdinalIgnoreCase)) is { } odd)
            return ScimFault.Value($"{odd.Key} is not known in a search, or is given more than once.");
        foreach (var (name, fits) in ((string, Func<JsonElement, bool>)[])[
            (Filter, v => v.ValueKind is JsonValueKind.String), ("startIndex", v => v.ValueKind is JsonValueKind.Number),
                ("count", v => v.ValueKind is JsonValueKind.Number), ("attributes", AreNames), ("excludedAttributes", AreNames)])
            if (said[name].Any(v => v.ValueKind is not JsonValueKind.Null && !fits(v)))
                return ScimFault.Value($"{name} is of another type.");
        // Null, too, is what a script writes that could not fill the filter in.
        if (said[Filter].Any() && string.IsNullOrWhiteSpace(Text(Filter))) return ScimFault.Filter(EmptyFilter);
        return new ScimQuery(Text(Filter), Text("startIndex"), Text("count"), new(Text("attributes"), Text("excludedAttributes")));

        string? Text(string name) => said[name].FirstOrDefault() switch
        {
            { ValueKind: JsonValueKind.String or JsonValueKind.Number } one => one.ToString(),
            { ValueKind: JsonValueKind.Array } many => string.Join(',', many.EnumerateArray().Select(n => n.GetString())),
            _ => null,
        };
    }

    static bool AreNames(JsonElement value) => value.ValueKind is JsonValueKind.String
        || (value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(n => n.ValueKind is JsonValueKind.String));

    static string Strong(string tag) => tag.StartsWith("W/", StringComparison.OrdinalIgnoreCase) ? tag[2..] : tag;

    static string? One(HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } one, ..] ? one : null;
}
