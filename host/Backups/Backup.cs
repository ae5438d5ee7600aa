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

    /// <exception cref="StartRefused">There is no installation, or the folder is in use.</exception>
    public static async Task<BackupNotes> Make(Installation installation, BackupFolder folder, CancellationToken ct)
    {
        await using var database = Database.Open(installation.ConnectionString);
        if (await IsEmpty(database, ct)) throw new StartRefused("There is no installation in this database, so nothing to back up.");
        folder.Make();
        // Before the snapshot: the chains only grow, so what is in the dump contains these heads.
        var heads = await Column(database, """
            select distinct on (organization_id) 'head ' || organization_id || ' ' || no || ' ' || encode(hash, 'hex')
            from kernel.audit_seal order by organization_id, no desc
            """, ct);
        await File.WriteAllLinesAsync(folder.Heads, heads, ct);
        await DatabaseTools.Run("pg_dump", installation.ConnectionString,
        [
            "--format=custom", "--no-owner", "--no-privileges", "--no-comments", "--no-unlogged-table-data", $"--file={folder.Dump}",
            .. OfRunningNodes.Select(table => $"--exclude-table-data={table}"),
        ], ct);
        var (bytes, sha256) = await folder.Measure(ct);
        var secrets = await Column(database, "select xml from kernel.data_protection_key", ct);
        var notes = new BackupNotes(BackupFolder.Format, TimeProvider.System.GetUtcNow(),
            (await Column(database, "select current_setting('server_version')", ct))[0],
            await Column(database, "select name from kernel.migration order by name", ct),
            [.. secrets.Where(FileKeys.IsSealed).Select(FileKeys.SealedBy).Distinct()], bytes, sha256);
        await folder.Write(notes, ct);
        return notes;
    }

    /// <summary>Into an empty database: all of it or nothing. Brought up to date when this returns.</summary>
    /// <exception cref="StartRefused">The backup is none, or the database is in use.</exception>
    public static async Task<BackupNotes> Restore(Installation installation, BackupFolder folder, CancellationToken ct)
    {
        var notes = await folder.Read(ct);
        await using (var database = Database.Open(installation.ConnectionString))
            if (!await IsEmpty(database, ct))
                throw new StartRefused("This database holds something already, and a restore replaces nothing. "
                    + (installation.IsEmbedded ? "Name another folder with --data, or move this one away first."
                        : "Name an empty one in ConnectionStrings__Directory."));
        await DatabaseTools.Run("pg_restore", installation.ConnectionString,
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
        }
        return notes;
    }

    /// <summary>What the operator must still have, or take care of.</summary>
    public static string OnKeys(BackupNotes notes) => notes.SealedBy.Count == 0
        ? "The secrets in it lie in clear: keep it as carefully as the installation itself (docs/keys.md)."
        : $"The secrets in it are sealed by the key {string.Join(", ", notes.SealedBy)}, which is not in it: without that key file "
            + "nothing starts from it. Keep a copy of the file elsewhere (docs/keys.md).";

    static async Task<bool> IsEmpty(NpgsqlDataSource database, CancellationToken ct) => (await Column(database, """
        select relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') limit 1
        """, ct)).Count == 0;

    static async Task<List<string>> Column(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var values = new List<string>();
        while (await rows.ReadAsync(ct)) values.Add(rows.GetString(0));
        return values;
    }
}
