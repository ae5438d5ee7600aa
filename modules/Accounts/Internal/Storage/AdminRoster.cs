namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>
/// Who can act as an admin, for decisions on one account or on many in one transaction: as each admin leaves, the next one's decision must
/// know (SPEC A8). The lock per organization makes two admins who deactivate each other wait for one another.
/// </summary>
sealed class AdminRoster
{
    readonly Dictionary<OrganizationId, HashSet<Guid>> _admins = [];

    /// <param name="wait">True inside a turn's or a job's transaction: other admins' turns then wait for its end.
    /// A preview only looks.</param>
    public static async Task<AdminRoster> Of(NpgsqlConnection connection, IEnumerable<Account> accounts, bool wait, CancellationToken ct)
    {
        var roster = new AdminRoster();
        var organizations = accounts.SelectMany(a => a.AdminOf).Select(o => o.Value).Distinct().Order().ToArray();
        if (organizations.Length == 0) return roster;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var organization in wait ? organizations : [])
            batch.BatchCommands.Add(
                Statement.Of("select pg_advisory_xact_lock(hashtextextended('admins:' || $1::text, 0))", organization));
        batch.BatchCommands.Add(Statement.Of(
            "select o, array(select id from accounts.account where admin_of @> array[o] and state = 1) from unnest($1::uuid[]) o",
            organizations));
        await using var rows = await batch.ExecuteReaderAsync(ct);
        for (var i = 1; i < batch.BatchCommands.Count; i++) await rows.NextResultAsync(ct);
        while (await rows.ReadAsync(ct)) roster._admins[new(rows.GetGuid(0))] = [.. rows.GetFieldValue<Guid[]>(1)];
        return roster;
    }

    public Account Complete(Account account) => account.AdminOf.Count == 0
        ? account
        : account with
        {
            OnlyAdminOf = [.. account.AdminOf.Where(o => _admins[o] is { Count: 1 } last && last.Contains(account.Id.Value))]
        };

    public void Now(Account account)
    {
        foreach (var organization in account.AdminOf)
            if (account.MayAct) _admins[organization].Add(account.Id.Value);
            else _admins[organization].Remove(account.Id.Value);
    }
}
