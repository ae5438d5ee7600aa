using System.Text.Json;
using System.Text.Json.Nodes;

namespace DirectoryPlatform.Reporting.Internal.Audit;

/// <summary>How rows of <c>kernel.v_audit_entry</c> under the alias <c>e</c> become lines.</summary>
static class AuditLines
{
    public const string Columns =
        "e.id, e.at, e.action, w.name, e.means, e.before::text, e.after::text, e.personal::text, e.actor_id, w.email, e.subject_id, "
        + "e.address, e.request_id, e.job_id, e.fact->>'name'";

    /// <summary>To be joined.</summary>
    public const string Names = "left join accounts.v_account w on w.id = e.actor_id";

    public static async Task<List<AuditLine>> Read(NpgsqlCommand command, CancellationToken ct)
    {
        var lines = new List<AuditLine>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) lines.Add(Line(rows));
        return lines;
    }

    /// <summary>From a row of <see cref="Columns"/>; what it is about is named by <see cref="Named"/>.</summary>
    public static AuditLine Line(NpgsqlDataReader row)
    {
        return Line((row.GetGuid(0), row.GetDateTime(1), row.GetString(2), Text(3), row.GetString(4), Text(5), Text(6), Text(7), Id(8),
            Text(9), row.GetGuid(10), Text(11), Text(12), Id(13), Text(14)));

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        Guid? Id(int column) => row.IsDBNull(column) ? null : row.GetGuid(column);
    }

    /// <summary>The same, read together with other things.</summary>
    public static AuditLine Line((Guid Id, DateTime At, string Action, string? Actor, string Means, string? Before, string? After,
        string? Personal, Guid? ActorId, string? Email, Guid Subject, string? Address, string? Request, Guid? Job, string? Was) row) =>
        new(row.Id, HistoryLines.Of(row.At, row.Action, row.Actor, row.Means, row.Before, row.After, row.Personal), row.ActorId, row.Email,
            row.Subject, AuditSubject.Other, null, row.Address, row.Request, row.Job)
        { Was = row.Was };

    /// <summary>Names of today of what entries are about and of providers that did it: rows (id, kind, name) for <c>@ids</c> of an
    /// <c>@organization</c>.</summary>
    public const string NamesText = """
        select id, 0 as kind, name from accounts.v_account where id = any(@ids)
        union all select id, 1, name from domains.v_domain where id = any(@ids) and organization_id = @organization
        union all select id, 2, name from sites.v_site where id = any(@ids) and organization_id = @organization
        union all select id, 3, name from sites.v_group where id = any(@ids) and organization_id = @organization
        union all select id, 4, name from security.v_policy where id = any(@ids) and organization_id = @organization
        union all select i.id, 7, i.email from sites.v_invitation i join sites.v_site s on s.id = i.site_id where i.id = any(@ids)
          and s.organization_id = @organization
        union all select id, 7, url from directory.v_webhook where id = any(@ids) and organization_id = @organization
        union all select id, 8, name from directory.v_identity_directory where id = any(@ids) and organization_id = @organization
        union all select id, 5, title from kernel.v_job where id = any(@ids) and organization_id = @organization
        """;

    public static Guid[] Ids(IReadOnlyList<AuditLine> lines) =>
        [.. lines.Select(l => l.Subject).Concat(lines.Select(ProviderOf).OfType<Guid>()).Distinct()];

    /// <summary>What the entries are about, and the identity providers that did it, by the names of today.</summary>
    public static async Task<IReadOnlyList<AuditLine>> Named(NpgsqlConnection connection, OrganizationId organization,
        IReadOnlyList<AuditLine> lines) =>
        Named(organization, lines, await connection.QueryAsync<(Guid, int, string)>(NamesText,
            new { ids = Ids(lines), organization = organization.Value }));

    /// <param name="rows">Of <see cref="NamesText"/>.</param>
    public static IReadOnlyList<AuditLine> Named(OrganizationId organization, IReadOnlyList<AuditLine> lines,
        IEnumerable<(Guid Id, int Kind, string Name)> rows)
    {
        var names = rows.ToLookup(n => n.Id);
        return [.. lines.Select(l => (names[l.Subject].Select(n => l with { Kind = (AuditSubject)n.Kind, SubjectName = n.Name })
            .FirstOrDefault() ?? (l.Subject == organization.Value ? l with { Kind = AuditSubject.Organization } : l))
            with { Provider = ProviderOf(l) is { } provider ? names[provider].FirstOrDefault().Name : null })];
    }

    /// <summary>The directory that the means name.</summary>
    static Guid? ProviderOf(AuditLine line) => line.History.Means.Split(' ') is [ProvisioningGrant.Means, var id]
        && Guid.TryParse(id, out var directory) ? directory : null;
}

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
        var changes = was.Keys.Union(now.Keys).Order().Select(k => Change(k, was.GetValueOrDefault(k), now.GetValueOrDefault(k))).ToArray();
        return new(at, action, actor, means, own?["fact"]?["reason"]?.GetValue<string>(), changes);
    }

    static HistoryChange Change(string field, (string? Text, bool IsJson) before, (string? Text, bool IsJson) after) =>
        new(field, before.Text, after.Text) { IsJson = (before.IsJson, after.IsJson) };

    static Dictionary<string, (string? Text, bool IsJson)> Values(string? plain, JsonNode? personal) =>
        new[] { plain is null ? null : JsonNode.Parse(plain), personal }
        .OfType<JsonObject>().SelectMany(o => o).ToDictionary(v => v.Key, v =>
            (v.Value?.ToString(), v.Value is { } value && value.GetValueKind() is not JsonValueKind.String));
}
