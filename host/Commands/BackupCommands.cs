using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DirectoryPlatform.Host.Backups;
using DirectoryPlatform.Host.Startup;

namespace DirectoryPlatform.Host.Commands;

/// <summary><c>backup</c> and <c>restore</c>: the whole installation in a folder, but for the key file (SPEC R10).</summary>
static class BackupCommands
{
    public static Command DefineBackup(Option<DirectoryInfo> data)
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "A new or empty folder" };
        var command = new Command("backup",
            "Write the whole database, as it is at this moment, into a folder. The product may run meanwhile.") { folder };
        command.SetAction(async (p, ct) =>
        {
            if (CommandLine.Configuration().GetConnectionString("Directory") is not { Length: > 0 } && !p.GetValue(data)!.Exists)
                throw new StartRefused($"There is no data folder {p.GetValue(data)!.FullName}. --data names it.");
            await using var installation = await Installation.Reach(CommandLine.Configuration(), p.GetValue(data)!, ct);
            var (target, watch) = (new BackupFolder(p.GetValue(folder)!), Stopwatch.StartNew());
            var notes = await Backup.Make(installation, target, ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Backed up to {target.Path} in {watch.Elapsed.TotalSeconds:N0} s: {notes.Bytes / 1e6:N1} MB."));
            Console.WriteLine(Backup.OnKeys(notes));
            if (notes.PgDump > notes.Postgres)
                Console.WriteLine($"pg_dump of PostgreSQL {notes.PgDump} wrote it, so it is restored only into {notes.PgDump} or newer, "
                    + $"and the server is {notes.Postgres}. Install postgresql-client-{notes.Postgres} for one that fits it.");
            return 0;
        });
        return command;
    }

    public static Command DefineRestore(Option<DirectoryInfo> data)
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "What backup has written" };
        folder.AcceptExistingOnly();
        var command = new Command("restore",
            "Write a backup into an empty database: a new data folder, or the external database that ConnectionStrings__Directory names. "
            + "Then check the audit log.") { folder };
        command.SetAction(async (p, ct) =>
        {
            await using var installation = await Installation.Reach(CommandLine.Configuration(), p.GetValue(data)!, ct);
            if (installation is { IsEmbedded: true, OwnsServer: false })
                throw new StartRefused($"Another process works on {p.GetValue(data)!.FullName}. End it first.");
            var (source, watch) = (new BackupFolder(p.GetValue(folder)!), Stopwatch.StartNew());
            var notes = await Backup.Restore(installation, source, ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Restored in {watch.Elapsed.TotalSeconds:N0} s what there was at {notes.MadeAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC."));
            if (notes.SealedBy.Count > 0) Console.WriteLine($"It starts with the key file that holds {string.Join(", ", notes.SealedBy)}.");
            var known = AuditHeads.Read(await File.ReadAllLinesAsync(source.Heads, ct));
            await using var database = Database.Open(installation.ConnectionString);
            return await VerifyAuditCommand.Run(new SealedLog(database), known, ct);
        });
        return command;
    }
}
