using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using Npgsql;

namespace DirectoryPlatform.Reporting.Audit;

/// <summary>Which rows of <c>kernel.v_audit_entry</c> under the alias <c>e</c> a filter means.</summary>
static class AuditConditions
{
    public static async Task<string> Where(NpgsqlConnection connection, OrganizationId organization, AuditFilter filter,
        NpgsqlParameterCollection parameters, CancellationToken ct)
    {
        List<string> all = [$"e.organization_id = {parameters.Place(organization.Value)}"];
        if (filter.Actor is { } actor) all.Add($"e.actor_id = {parameters.Place(await IdOf(connection, actor, ct))}");
        if (filter.Person is { } person) all.Add($"e.subject_id = {parameters.Place(await IdOf(connection, person, ct))}");
        if (filter.Either is { } either)
        {
            var who = parameters.Place(await IdOf(connection, either, ct));
            all.Add($"(e.actor_id = {who} or e.subject_id = {who})");
        }
        if (filter.Actions is [var one]) all.Add($"e.action = {parameters.Place(one)}");
        else if (filter.Actions is { } several) all.Add($"e.action = any({parameters.Place(several.ToArray())})");
        if (filter.From is { } from) all.Add($"e.at >= {parameters.Place(from.UtcDateTime)}");
        if (filter.To is { } to) all.Add($"e.at < {parameters.Place(to.UtcDateTime)}");
        return string.Join(" and ", all);
    }

    /// <summary>An address that nobody has stands for nobody, in whose name there are no entries:
    /// the answer tells no one who has an account.</summary>
    static async Task<Guid> IdOf(NpgsqlConnection connection, string who, CancellationToken ct)
    {
        if (Guid.TryParse(who, out var id)) return id;
        if (EmailAddress.Parse(who) is not { Granted: true, Value: var address }) return Guid.Empty;
        await using var find = new NpgsqlCommand("select id from accounts.v_account where email = $1",
            connection)
        { Parameters = { new() { Value = address.Value } } };
        return (Guid?)await find.ExecuteScalarAsync(ct) ?? Guid.Empty;
    }
}

/// <summary>Beside which entry a page begins, and which way it reads from there.</summary>
/// <param name="Newer">True for the entries that are newer than it.</param>
sealed record AuditCursor(DateTime At, Guid Id, bool Newer)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Newer ? 'n' : 'o')}{At.Ticks}-{Id:N}");

    /// <returns>Null for anything else: it is then read as the first page.</returns>
    public static AuditCursor? Read(string? text) =>
        text is ['n' or 'o', ..] && text.IndexOf('-') is > 1 and var dash
            && long.TryParse(text.AsSpan(1, dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks <= DateTime.MaxValue.Ticks && Guid.TryParseExact(text.AsSpan(dash + 1), "N", out var id)
            ? new(new DateTime(ticks, DateTimeKind.Utc), id, text[0] == 'n')
            : null;
}
