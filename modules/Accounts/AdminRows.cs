using Dapper;
using Npgsql;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// Whom a reset reaches is decided where the admin role stands, on the account's own row (SPEC S13). For the transaction of Security, which
/// holds the rows until its reset is written: whoever becomes an admin in the same moment becomes one before or after it.
/// </summary>
public static class AdminRows
{
    /// <param name="asker">As in <see cref="AdminReach"/>.</param>
    /// <returns>By account, why it is not reached; those that are reached are left out.</returns>
    public static async Task<IReadOnlyDictionary<Guid, Refusal>> Refused(NpgsqlConnection connection, IReadOnlyList<AccountView> accounts,
        IReadOnlyList<OrganizationId>? asker, CancellationToken ct)
    {
        var rows = await connection.QueryAsync<(Guid Id, Guid[] AdminOf)>(new(
            "select id, coalesce(admin_of, '{}') from accounts.account where id = any(@ids) order by id for share",
                new { ids = accounts.Select(a => a.Id.Value).ToArray() }, cancellationToken: ct));
        var refused = new Dictionary<Guid, Refusal>();
        foreach (var (id, adminOf) in rows)
            if (AdminReach.Refused([.. adminOf.Select(o => new OrganizationId(o))], asker) is { } refusal) refused[id] = refusal;
        return refused;
    }
}
