using System.Data;
using DirectoryPlatform.Host.Startup;
using Npgsql;

namespace DirectoryPlatform.Host.Backups;

/// <summary>
/// Writes a whole database into a folder and back (SPEC R10). One snapshot of it, taken while everything goes on. The folder is the same
/// for an embedded and an external database, so that a restore also moves from one to the other.
/// </summary>
static class Backup
{
    /// <summary>Who belongs to the cluster, and what was taken away a moment ago, is true of running nodes and of nobody else: nodes on a
    /// copy would speak to those of the original.</summary>
    static readonly string[] OfRunningNodes = ["orleans.silo", "orleans.cluster", "kernel.revocation"];

    /// <summary>What the migrations make outside of the modules' own schemas. Whatever else is in the database is its owner's.</summary>
    const string OrleansSchema = "orleans", Extension = "pg_trgm";

    /// <exception cref="StartRefused">There is no installation, the folder is in use, or pg_dump is missing or fails.</exception>
    public static async Task<BackupNotes> Make(Installation installation, BackupFolder folder, CancellationToken ct)
    {
        await using var database = Database.Open(installation.ConnectionString);
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await IsEmpty(connection, ct)) throw new StartRefused("There is no installation in this database, so nothing to back up.");
        var (dumps, version) = await DatabaseTools.Find("pg_dump", installation.ConnectionString, ct);
        folder.Make();
        try { return await Write(connection, installation.ConnectionString, dumps, version, folder, ct); }
        catch
        {
            folder.Clear();
            throw;
        }
    }

    static async Task<BackupNotes> Write(NpgsqlConnection connection, string connectionString, string dumps, int version,
        BackupFolder folder, CancellationToken ct)
    {
        // All that is written is of the one snapshot, which is there for as long as this transaction is.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await Column(connection, "select set_config('idle_in_transaction_session_timeout', '0', true)", ct);
        var madeAt = TimeProvider.System.GetUtcNow();
        var snapshot = (await Column(connection, "select pg_export_snapshot()", ct))[0];
        var heads = await Column(connection, """
            select distinct on (organization_id) 'head ' || organization_id || ' ' || no || ' ' || encode(hash, 'hex')
            from kernel.audit_seal order by organization_id, no desc
            """, ct);
        await File.WriteAllLinesAsync(folder.Heads, heads, ct);
        var migrations = await Column(connection, "select name from kernel.migration order by name", ct);
        await DatabaseTools.Run(dumps, connectionString,
        [
            "--format=custom", "--no-owner", "--no-privileges", "--no-comments", "--no-unlogged-table-data", "--no-publications",
            "--no-subscriptions", $"--snapshot={snapshot}", $"--file={folder.Dump}", $"--extension={Extension}",
            .. migrations.Select(name => name.Split('/')[0]).Append(OrleansSchema).Distinct().Select(schema => $"--schema={schema}"),
            .. OfRunningNodes.Select(table => $"--exclude-table-data={table}"),
        ], ct);
        var (bytes, sha256) = await BackupFolder.Measure(folder.Dump, ct);
        var secrets = await Column(connection, "select xml from kernel.data_protection_key", ct);
        var notes = new BackupNotes(BackupFolder.Format, madeAt, connection.PostgreSqlVersion.Major, version,
            migrations, [.. secrets.Where(FileKeys.IsSealed).Select(FileKeys.SealedBy).Distinct()], bytes, sha256,
            (await BackupFolder.Measure(folder.Heads, ct)).Sha256);
        await folder.Write(notes, ct);
        return notes;
    }

    /// <summary>Into an empty database: all of it or nothing. Brought up to date when this returns.</summary>
    /// <exception cref="StartRefused">The backup is none, or the database is in use.</exception>
    public static async Task<BackupNotes> Restore(Installation installation, BackupFolder folder, CancellationToken ct)
    {
        var notes = await folder.Read(ct);
        await using (var database = Database.Open(installation.ConnectionString))
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            if (!await IsEmpty(connection, ct))
                throw new StartRefused("This database holds something already, and a restore replaces nothing. "
                    + (installation.IsEmbedded ? "Name another folder with --data, or move this one away first."
                        : "Name an empty one in ConnectionStrings__Directory."));
            if (notes.PgDump > connection.PostgreSqlVersion.Major)
                throw new StartRefused($"pg_dump of PostgreSQL {notes.PgDump} wrote this backup, and this server is "
                    + $"{connection.PostgreSqlVersion.Major}. Restore it into PostgreSQL {notes.PgDump} or newer.");
        }
        var (restores, _) = await DatabaseTools.Find("pg_restore", installation.ConnectionString, ct);
        await DatabaseTools.Run(restores, installation.ConnectionString,
        [
            "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments",
            $"--dbname={new NpgsqlConnectionStringBuilder(installation.ConnectionString).Database}", folder.Dump,
        ], ct);
        await Modules.Migrate(installation.ConnectionString, ct);
        await using (var database = Database.Open(installation.ConnectionString))
        {
            // The dump has no numbers for the planner, and whoever asks first should not wait until it has some.
            await using var analyze = database.CreateCommand("analyze");
            analyze.CommandTimeout = 0;
            await analyze.ExecuteNonQueryAsync(ct);
            await new SealedLog(database).CountAnew(ct);
        }
        return notes;
    }

    /// <summary>What the operator must still have, or take care of.</summary>
    public static string OnKeys(BackupNotes notes) => notes.SealedBy.Count == 0
        ? "The secrets in it lie in clear: keep it as carefully as the installation itself (docs/keys.md)."
        : $"The secrets in it are sealed by the key {string.Join(", ", notes.SealedBy)}, which is not in it: without that key file "
            + "nothing starts from it. Keep a copy of the file elsewhere (docs/keys.md).";

    static async Task<bool> IsEmpty(NpgsqlConnection connection, CancellationToken ct) => (await Column(connection, """
        select relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') limit 1
        """, ct)).Count == 0;

    static async Task<List<string>> Column(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        // However long the audit log is.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(ct);
        var values = new List<string>();
        while (await rows.ReadAsync(ct)) values.Add(rows.GetString(0));
        return values;
    }
}
