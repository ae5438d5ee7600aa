using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>
/// <c>POST /admin/v2/orgs/{orgId}/workspaces</c>: each app on each site, which is how a program finds the ids that invitations, roles and
/// groups ask for. What a query says and is not known is refused by its name.
/// </summary>
static class Workspaces
{
    /// <summary>What a query and an order may name.</summary>
    public static readonly IReadOnlyList<(string Name, Func<Workspace, string> Of)> Fields =
    [
        ("id", w => w.Id), ("attributes.name", w => w.Name), ("attributes.typeKey", w => w.App), ("attributes.type", w => w.AppName),
        ("attributes.hostUrl", w => w.Url), ("attributes.status", _ => Online),
    ];

    const string Online = "online";

    public static void MapWorkspaces(this IEndpointRouteBuilder app) => app.MapPost($"{Orgs.V2}/workspaces", List)
        .Requires(Permission.ManageUsers, ApiScope.UsersRead).WithMetadata(new OnlyLooks());

    static async Task<ApiResult> List(ApiCall call)
    {
        if (await call.Search() is { } refusal) return refusal;
        Outcome<Func<Workspace, bool>> meant = call.Asked.Text("query") is { } query
            ? Meant(JsonDocument.Parse(query).RootElement)
            : new Func<Workspace, bool>(_ => true);
        if (!meant.Granted) return meant.Refusal;
        var all = (await call.Send(new ReadSites(call.Organization)))
            .SelectMany(s => s.Apps.Select(a => new Workspace(OrganizationShape.ResourceOf(a.Id, s.Id), s.Name, a.Id, a.Name, s.Url)))
            .Where(meant.Value).OrderBy(w => w.Name, StringComparer.Ordinal);
        foreach (var (order, i) in (call.Asked.All(Parameter.Order) ?? []).Select((o, i) => (o.Split(' '), i)))
        {
            var (of, down) = (Fields.First(f => f.Name == order[0]).Of, order[1] == "desc");
            all = (i, down) switch
            {
                (0, false) => all.OrderBy(of, StringComparer.Ordinal),
                (0, true) => all.OrderByDescending(of, StringComparer.Ordinal),
                (_, false) => all.ThenBy(of, StringComparer.Ordinal),
                (_, true) => all.ThenByDescending(of, StringComparer.Ordinal),
            };
        }
        return call.PageOf(all.ThenBy(w => w.Id, StringComparer.Ordinal), w => w.Id).Shown(page => ApiResult.Of(
            page.Rows.Select(w => new Resource(w.Id, "workspaces", new Attributes(w.Name, w.App, w.AppName, Online, w.Url))),
            call.CursorLinks(page), new { pageSize = page.Rows.Count }));
    }

    /// <summary>One of: {"field": {"name", "values"}}, {"searchWorkspaces"}, {"and": [...]}, {"nor": [...]}.</summary>
    static Outcome<Func<Workspace, bool>> Meant(JsonElement query)
    {
        try { return Read(query); }
        catch (InvalidOperationException) { return Unknown(query); } // A name with half of a character.
    }

    static Outcome<Func<Workspace, bool>> Read(JsonElement query)
    {
        if (query is not { ValueKind: JsonValueKind.Object } || query.EnumerateObject().ToList() is not [var only]) return Unknown(query);
        switch (only.Name, only.Value.ValueKind)
        {
            case ("field", JsonValueKind.Object):
                var (name, values) = (Text(only.Value, "name"), only.Value.TryGetProperty("values", out var v) ? v : default);
                if (Fields.FirstOrDefault(f => f.Name == name).Of is not { } of) return Unknown(only.Value);
                if (values.ValueKind is not JsonValueKind.Array || only.Value.EnumerateObject().Count() != 2
                    || values.EnumerateArray().Any(e => Text(e) is null)) return Unknown(only.Value);
                var among = values.EnumerateArray().Select(e => Text(e)!).ToHashSet(StringComparer.OrdinalIgnoreCase);
                return among.Count == 0 ? Unknown(only.Value) : new Func<Workspace, bool>(w => among.Contains(of(w)));
            case ("searchWorkspaces", JsonValueKind.String) when Text(only.Value) is { Length: > 0 } part:
                return new Func<Workspace, bool>(w => w.Name.Contains(part, StringComparison.OrdinalIgnoreCase)
                    || w.Url.Contains(part, StringComparison.OrdinalIgnoreCase));
            case ("and" or "nor", JsonValueKind.Array) when only.Value.GetArrayLength() > 0:
                var each = only.Value.EnumerateArray().Select(Meant).ToList();
                return each.FirstOrDefault(e => !e.Granted).Refusal is { } refusal ? refusal
                    : only.Name == "and" ? new Func<Workspace, bool>(w => each.All(e => e.Value(w)))
                    : new Func<Workspace, bool>(w => !each.Any(e => e.Value(w)));
            default: return Unknown(query);
        }
    }

    static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) ? Text(value) : null;

    static string? Text(JsonElement value) => value.ValueKind is JsonValueKind.String ? Asked.Word(value) : null;

    static InvalidValue Unknown(JsonElement query)
    {
        var said = query.GetRawText();
        return new("query", $"The query {(said.Length > 100 ? $"{said[..100]}…" : said)} is not known here. A query is a field (name, "
            + $"values), searchWorkspaces, and, or nor; fields are {string.Join(", ", Fields.Select(f => f.Name))}.");
    }

    public sealed record Workspace(string Id, string Name, string App, string AppName, string Url);

    /// <param name="TypeKey">Of the app.</param>
    sealed record Attributes(string Name, string TypeKey, string Type, string Status, string HostUrl);
}
