namespace DirectoryPlatform.Reporting.Internal.Audit;

/// <summary>Which rows of <c>kernel.v_audit_entry</c> under the alias <c>e</c> a filter means.</summary>
static class AuditConditions
{
    /// <summary>A filter whose addresses are ids.</summary>
    internal sealed record Asked(AuditFilter By, Guid? Actor, Guid? Person, Guid? Either);

    static readonly IReadOnlyList<ListFilter<Asked>> Filters =
    [
        new("actor", (f, value) => f.Actor is { } actor ? $"e.actor_id = {value(actor)}" : null),
        new("person", (f, value) => f.Person is { } person ? $"e.subject_id = {value(person)}" : null),
        new("either", (f, value) =>
        {
            if (f.Either is not { } either) return null;
            var who = value(either);
            return $"(e.actor_id = {who} or e.subject_id = {who})";
        }),
        new("action", (f, value) => f.By.Actions switch
        {
            null => null,
            [var one] => $"e.action = {value(one)}",
            var several => $"e.action = any({value(several.ToArray())})",
        }),
        new("from", (f, value) => f.By.From is { } from ? $"e.at >= {value(from.UtcDateTime)}" : null),
        new("to", (f, value) => f.By.To is { } to ? $"e.at < {value(to.UtcDateTime)}" : null),
    ];

    public static async Task<ListRows> Rows(NpgsqlDataSource database, OrganizationId organization, AuditFilter filter,
        NpgsqlParameterCollection parameters, CancellationToken ct)
    {
        var asked = new Asked(filter, await IdOf(database, filter.Actor, ct), await IdOf(database, filter.Person, ct),
            await IdOf(database, filter.Either, ct));
        return new("kernel.v_audit_entry e",
            $"e.organization_id = {parameters.Place(organization.Value)} and {Filters.Where(asked, parameters)}");
    }

    /// <summary>An address that nobody has stands for nobody, in whose name there are no entries:
    /// the answer tells no one who has an account.</summary>
    static async Task<Guid?> IdOf(NpgsqlDataSource database, string? who, CancellationToken ct)
    {
        if (who is null) return null;
        if (Guid.TryParse(who, out var id)) return id;
        if (EmailAddress.Parse(who) is not { Granted: true, Value: var address }) return Guid.Empty;
        await using var find = database.CreateCommand("select id from accounts.v_account where email = $1");
        find.Parameters.Add(new() { Value = address.Value });
        return (Guid?)await find.ExecuteScalarAsync(ct) ?? Guid.Empty;
    }
}
