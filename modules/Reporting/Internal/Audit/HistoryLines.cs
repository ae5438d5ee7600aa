using System.Text.Json.Nodes;

namespace DirectoryPlatform.Reporting.Internal.Audit;

/// <summary>Reads an audit entry for people.</summary>
static class HistoryLines
{
    /// <param name="before">JSON of the values before, without personal ones; null for none. So, too, <paramref name="after"/>.</param>
    /// <param name="personal">JSON of the erasable column.</param>
    public static HistoryLine Of(DateTimeOffset at, string action, string? actor, string means, string? before, string? after,
        string? personal)
    {
        var own = personal is null ? null : JsonNode.Parse(personal);
        var (was, now) = (Values(before, own?["before"]), Values(after, own?["after"]));
        var changes = was.Keys.Union(now.Keys).Order().Select(k => new HistoryChange(k, was.GetValueOrDefault(k), now.GetValueOrDefault(k)))
            .ToArray();
        return new(at, action, actor, means, own?["fact"]?["reason"]?.GetValue<string>(), changes);
    }

    static Dictionary<string, string?> Values(string? plain, JsonNode? personal) =>
        new[] { plain is null ? null : JsonNode.Parse(plain), personal }
        .OfType<JsonObject>().SelectMany(o => o).ToDictionary(v => v.Key, v => v.Value?.ToString());
}
