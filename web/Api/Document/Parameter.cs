using System.Text.Json.Nodes;

namespace DirectoryPlatform.Web.Api.Document;

/// <summary>
/// What a query, or the body of a search, may say: declared once, for the document and for <see cref="Asked"/>, which refuses by name
/// whatever is not declared (SPEC P6).
/// </summary>
/// <param name="Words">What it means.</param>
sealed record Parameter(string Name, string Words)
{
    public const string Cursor = "cursor", Limit = "limit", PageSize = "pageSize";

    /// <summary>Orders are {"field", "direction"} in the one and {"field", "order"} in the other, as that API has them.</summary>
    public const string Sort = "sortBy", Order = "sort";

    /// <summary>What a value must be, whatever <see cref="Among"/> says.</summary>
    public ParameterKind Kind { get; init; } = ParameterKind.Text;

    /// <summary>The only values there are; null for no such list.</summary>
    public IReadOnlyList<string>? Among { get; init; }

    /// <summary>Whether several values may be named: repeated or with commas in a query, as an array in a body.</summary>
    public bool Many { get; init; }

    /// <summary>Null when the value is one.</summary>
    public string? Fault(string value) => Kind switch
    {
        _ when Among is { } among => among.Contains(value) ? null : $"{Name} is one of {string.Join(", ", among)}.",
        ParameterKind.Id => Guid.TryParse(value, out _) ? null : $"{Name} is an ID, such as 01a203cf-5588-79e4-b50c-c98b18ef8bb4.",
        ParameterKind.Flag => value is "true" or "false" ? null : $"{Name} is true or false.",
        ParameterKind.Size => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && size is > 0 and <= ApiCall.MostOnPage ? null : $"{Name} is 1 to {ApiCall.MostOnPage}.",
        ParameterKind.Domain => DomainName.Normalise(value).Refusal is { } refusal ? $"{Name}: {refusal.Sentence}" : null,
        ParameterKind.Email => EmailAddress.Parse(value).Granted ? null : $"{Name} are email addresses.",
        ParameterKind.Search => SearchKey.Typed(value) is null ? $"{Name} has no letter or digit to search for." : null,
        ParameterKind.Resource => Organizations.OrganizationShape.ReadResource(value) is null
            ? $"{Name} looks like ari:cloud:jira::site/ID."
            : null,
        ParameterKind.Match => TextMatches.Read(value) is null
            ? $$"""{{Name}} is {"eq": ["one", "another"]} or {"contains": "a part"}, each with letters or digits."""
            : null,
        _ => null,
    };

    /// <summary>Of a search: a field and a direction, each of which <see cref="Among"/> says as one text.</summary>
    bool IsOrder => Name is Sort or Order && Among!.All(a => a.Contains(' ', StringComparison.Ordinal));

    /// <summary>As JSON Schema.</summary>
    public JsonObject Schema()
    {
        var one = new JsonObject
        {
            ["type"] = Kind switch
            {
                ParameterKind.Size => "integer",
                ParameterKind.Flag => "boolean",
                ParameterKind.Json or ParameterKind.Match => "object",
                _ => "string",
            },
        };
        if (Kind is ParameterKind.Id) one["format"] = "uuid";
        if (Kind is ParameterKind.Size)
            (one["minimum"], one["maximum"], one["default"]) = (1, ApiCall.MostOnPage, ApiCall.UsualOnPage);
        if (Kind is ParameterKind.Match) TextMatches.Describe(one);
        var direction = Name == Sort ? "direction" : "order";
        if (IsOrder)
            one = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["field"] = Words(0), [direction] = Words(1) },
                ["required"] = new JsonArray("field", direction),
                ["additionalProperties"] = false,
            };
        else if (Among is { } among) one["enum"] = new JsonArray([.. among.Select(a => (JsonNode)a)]);
        return Many ? new JsonObject { ["type"] = "array", ["items"] = one } : one;

        JsonObject Words(int part) => new()
        {
            ["type"] = "string",
            ["enum"] = new JsonArray([.. Among!.Select(a => a.Split(' ')[part]).Distinct().Select(a => (JsonNode)a)]),
        };
    }
}

/// <summary>Json: read by the route itself. Match: whole texts or a part, see <see cref="TextMatches"/>.</summary>
enum ParameterKind { Text, Id, Flag, Size, Domain, Email, Resource, Search, Json, Match }
