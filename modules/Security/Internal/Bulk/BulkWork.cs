using DirectoryPlatform.Accounts;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.Bulk;

/// <summary>What this room's bulk actions have in common.</summary>
static class BulkWork
{
    /// <param name="sql">Changes rows of the accounts <c>$1</c>, at the time <c>$2</c> if it needs one,
    /// and returns their account ids.</param>
    public static async Task<HashSet<Guid>> Changed(NpgsqlConnection connection, string sql, Guid[] accounts, DateTimeOffset now,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = accounts } } };
        if (sql.Contains("$2", StringComparison.Ordinal)) command.Parameters.Add(new() { Value = now.UtcDateTime });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var changed = new HashSet<Guid>();
        while (await rows.ReadAsync(ct)) changed.Add(rows.GetGuid(0));
        return changed;
    }

    /// <summary>In the organization's log, with the job that did it.</summary>
    public static AuditEntry Entry(this AccountsToChange chunk, AccountView account, string action) =>
        new(Guid.CreateVersion7(chunk.Now), chunk.Now, chunk.By.Value, chunk.Origin, account.Id.Value, action, chunk.Job.Value, null, null,
            null, null);
}
