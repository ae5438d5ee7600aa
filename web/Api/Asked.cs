using DirectoryPlatform.Web.Api.Document;
using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web.Api;

/// <summary>
/// What a query, or the body of a search, says, by the route's own declaration: what is not declared, not of its kind, empty or said twice
/// is refused by its name, because an answer that passes it over shows too much, and a program acts on it (SPEC P6).
/// </summary>
sealed class Asked
{
    public static readonly Asked Nothing = new([]);

    readonly SortedDictionary<string, IReadOnlyList<string>> _given;

    Asked(SortedDictionary<string, IReadOnlyList<string>> given) => _given = given;

    /// <summary>What narrows, without which page of it.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> Filters =>
        _given.Where(g => g.Key is not (Parameter.Cursor or Parameter.Limit or Parameter.PageSize));

    /// <summary>Null when it was not said.</summary>
    public string? Text(string name) => _given.TryGetValue(name, out var values) ? values[0] : null;

    public bool? Flag(string name) => Text(name) switch { null => null, var text => text == "true" };

    /// <returns>Null when it was not said.</returns>
    public IReadOnlyList<string>? All(string name) => _given.GetValueOrDefault(name);

    public IReadOnlyList<T>? All<T>(string name, Func<string, T> read) => All(name) is { } values ? [.. values.Select(read)] : null;

    public IReadOnlyList<Guid>? Ids(string name) => All(name, Guid.Parse);

    /// <summary>Names as they are written: <see cref="HttpRequest.Query"/> takes two for one that differ in letter case.</summary>
    public static Outcome<Asked> OfQuery(Operation operation, QueryString query)
    {
        var given = new Dictionary<string, List<string>>();
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            var name = pair.DecodeName().ToString();
            if (!given.TryGetValue(name, out var values)) given[name] = values = [];
            values.Add(pair.DecodeValue().ToString());
        }
        return given.Count == 0
            ? Nothing
            : Of(operation.Query, given.Select(g => (g.Key, g.Value)), "parameter", several: ',', operation.CursorsLast);
    }

    /// <param name="body">Its members; null for no such member.</param>
    public static Outcome<Asked> OfBody(Operation operation, IReadOnlyDictionary<string, JsonElement> body)
    {
        var given = new List<(string, List<string>)>();
        foreach (var (name, value) in body)
        {
            // Where nothing is to be named, clients send null.
            if (value.ValueKind is JsonValueKind.Null
                && name is Parameter.Cursor or Parameter.Limit or Parameter.Sort or Parameter.Order) continue;
            if (operation.Members.FirstOrDefault(m => m.Name == name) is { Kind: ParameterKind.Json or ParameterKind.Match })
            {
                given.Add((name, [value.GetRawText()]));
                continue;
            }
            List<string?> values = value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray().Select(Word)] : [Word(value)];
            if (values.Contains(null)) return new InvalidValue(name, $"The member {Shown(name)} is not of its type.");
            given.Add((name, [.. values.OfType<string>()]));
        }
        return Of(operation.Members, given, "member", several: null);
    }

    /// <summary>What a cursor carries was judged when it was given; what can be asked may have changed since.</summary>
    public static Outcome<Asked> OfCursor(Operation operation, IReadOnlyDictionary<string, IReadOnlyList<string>> filters) =>
        Of(operation.Members.Count > 0 ? operation.Members : operation.Query, filters.Select(f => (f.Key, f.Value.ToList())), "filter",
            several: null);

    /// <summary>The same question for other filters.</summary>
    public Asked With(Asked filters)
    {
        var given = new SortedDictionary<string, IReadOnlyList<string>>(filters._given, StringComparer.Ordinal);
        foreach (var (name, values) in _given) given[name] = values;
        return new(given);
    }

    static Outcome<Asked> Of(IReadOnlyList<Parameter> declared, IEnumerable<(string Name, List<string> Values)> given, string what,
        char? several, bool cursorsLast = false)
    {
        var all = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, values) in given)
        {
            if (declared.FirstOrDefault(d => d.Name == name) is not { } parameter)
                return new InvalidValue(name, $"The {what} {Shown(name)} is not known here"
                    + (declared.Count == 0 ? "." : $"; known are {string.Join(", ", declared.Select(d => d.Name))}."));
            var each = parameter.Many && several is { } by ? [.. values.SelectMany(v => v.Split(by))] : values;
            if (each is [""] && name == Parameter.Cursor && !cursorsLast) continue;
            if (each.Count == 0 || each.Any(string.IsNullOrWhiteSpace))
                return new InvalidValue(name, $"The {what} {name} names nothing. Leave it out, or give it a value.");
            if (each.Count > 1 && !parameter.Many) return new InvalidValue(name, $"The {what} {name} takes one value.");
            if (each.Count > MostNamed) return new InvalidValue(name, $"The {what} {name} takes at most {MostNamed:N0} values.");
            if (each.Select(parameter.Fault).FirstOrDefault(f => f is not null) is { } fault) return new InvalidValue(name, fault);
            all[name] = each;
        }
        if (all.ContainsKey(Parameter.Limit) && all.ContainsKey(Parameter.PageSize))
            return new InvalidValue(Parameter.PageSize, $"{Parameter.Limit} and {Parameter.PageSize} are the same. Send one of them.");
        return new Asked(all);
    }

    /// <summary>Values of one name (own choice).</summary>
    const int MostNamed = 1_000;

    /// <summary>A name that somebody made up may be long.</summary>
    static string Shown(string name) => name.Length > 50 ? $"{name[..50]}…" : name;

    /// <summary>A value as a query would have it; an order, {"field", "direction"}, as "field direction". Null for anything else.</summary>
    public static string? Word(JsonElement value)
    {
        try { return Read(value); }
        catch (InvalidOperationException) { return null; } // Half of a character.
    }

    static string? Read(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number: return value.GetRawText();
            case JsonValueKind.True: return "true";
            case JsonValueKind.False: return "false";
            case JsonValueKind.String:
                return value.GetString() is { } text && BadInput.IsText(text) ? text : null;
            case JsonValueKind.Object:
                return value.EnumerateObject().Count() == 2 && value.TryGetProperty("field", out var field)
                    && (value.TryGetProperty("direction", out var direction) || value.TryGetProperty("order", out direction))
                    && field.ValueKind is JsonValueKind.String && direction.ValueKind is JsonValueKind.String
                    ? $"{Read(field)} {Read(direction)}"
                    : null;
            default: return null;
        }
    }
}
