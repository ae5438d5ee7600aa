using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DirectoryPlatform.Kernel.Names;

/// <summary>
/// Writes the keys anew that another version of this program computed (docs/decisions/0050): a migration cannot, because PostgreSQL folds
/// nothing here. It goes on while the program serves, chunk by chunk, and how far it came stands in each chunk's transaction; so a crash
/// costs one chunk, and a second run finds nothing to do.
/// </summary>
sealed class RenewKeys(NpgsqlDataSource database, IEnumerable<KeptKeys> all, TimeProvider clock, ILogger<RenewKeys> log) : IRecurring
{
    /// <summary>Read at a time; of most rows the key is right already (own choice).</summary>
    const int Chunk = 5_000;

    const string Done = "done";

    public string Name => "renew name keys";

    /// <summary>How soon what a crash broke off goes on; with nothing to do it is one look at one row for each table.</summary>
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task Run(CancellationToken ct)
    {
        foreach (var table in all)
            while (!ct.IsCancellationRequested && await Some(table, ct)) { }
    }

    /// <returns>Whether more may be left.</returns>
    internal async Task<bool> Some(KeptKeys table, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var (setting, version) = ($"name keys of {table.Table}", SearchKey.Version.ToString(CultureInfo.InvariantCulture));
        var reached = (await connection.ExecuteScalarAsync<string?>("select value from kernel.setting where name = @setting",
            new { setting }))?.Split(' ') is [var of, var place] && of == version ? place : $"{Guid.Empty}";
        if (reached == Done) return false;
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (last, renumbered) = await table.Renew(connection, new Guid(reached), Chunk);
        var value = $"{version} {last?.ToString() ?? Done}";
        await connection.ExecuteAsync("""
            insert into kernel.setting (name, value) values (@setting, @value) on conflict (name) do update set value = excluded.value
            """, new { setting, value });
        if (renumbered.Count > 0)
        {
            var now = clock.GetUtcNow();
            await using var audit = new NpgsqlBatch(connection, transaction);
            audit.BatchCommands.Add(AuditLog.Insert([.. renumbered.Select(r => new AuditEntry(Guid.CreateVersion7(now), now,
                r.Organization, Origin.Schedule, r.Id, "NameRenumbered", null, null, KernelJson.Write(new { name = r.Was }),
                KernelJson.Write(new { name = r.Now }), null))]));
            await audit.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
        foreach (var name in renumbered) log.NameRenumbered(table.Table, name.Id);
        return last is not null;
    }
}
