using System.Security.Cryptography;
using System.Text.Json;
using DirectoryPlatform.Host.Startup;

namespace DirectoryPlatform.Host.Backups;

/// <summary>What a backup is, for whoever finds it and for the restore.</summary>
/// <param name="Format">Of the folder; a program knows those up to its own.</param>
/// <param name="Postgres">The server's major version.</param>
/// <param name="PgDump">That of the program that wrote it: an older one's pg_restore cannot read it.</param>
/// <param name="Migrations">That the database had; a program which lacks one of them is older than the data.</param>
/// <param name="SealedBy">Ids of the keys of the key file that the secrets in it need; empty when they lie in clear.</param>
/// <param name="Bytes">Of the dump, as <paramref name="Sha256"/> is, in hex.</param>
/// <param name="HeadsSha256">Of the heads.</param>
sealed record BackupNotes(int Format, DateTimeOffset MadeAt, int Postgres, int PgDump, IReadOnlyList<string> Migrations,
    IReadOnlyList<string> SealedBy, long Bytes, string Sha256, string HeadsSha256);

/// <summary>A folder with one whole database: <c>database.dump</c>, <c>heads.txt</c>, and <c>about.json</c>, which is written last, so that
/// a backup that was broken off is none.</summary>
sealed class BackupFolder(DirectoryInfo folder)
{
    public const int Format = 1;

    static readonly JsonSerializerOptions Written = new(KernelJson.Options) { WriteIndented = true };

    bool _isNew;

    public string Path => folder.FullName;
    public string Dump => System.IO.Path.Combine(Path, "database.dump");

    /// <summary>The audit log's chains reach at least so far; as <c>verify-audit --heads</c> reads it.</summary>
    public string Heads => System.IO.Path.Combine(Path, "heads.txt");

    string About => System.IO.Path.Combine(Path, "about.json");

    /// <summary>For its owner alone, and so is each file in it, which may be copied elsewhere: what is in it opens everything.</summary>
    /// <exception cref="StartRefused">It holds something.</exception>
    public void Make()
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        if (folder.Exists && folder.EnumerateFileSystemInfos().Any())
            throw new StartRefused($"{Path} is not empty. A backup has a folder of its own.");
        _isNew = !folder.Exists;
        Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in (string[])[Dump, Heads]) MakeFile(file).Dispose();
    }

    /// <summary>After a failure: what is left could be taken for a backup.</summary>
    public void Clear()
    {
        foreach (var file in (string[])[About, Dump, Heads]) File.Delete(file);
        if (_isNew && !folder.EnumerateFileSystemInfos().Any()) folder.Delete();
    }

    static FileStream MakeFile(string path) => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException()
        : new(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });

    public static async Task<(long Bytes, string Sha256)> Measure(string path, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        return (file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)));
    }

    public async Task Write(BackupNotes notes, CancellationToken ct)
    {
        await using var about = new StreamWriter(MakeFile(About));
        await about.WriteLineAsync(JsonSerializer.Serialize(notes, Written).AsMemory(), ct);
    }

    /// <summary>Reads it and holds it against what was written.</summary>
    /// <exception cref="StartRefused">It is no backup, damaged, or made by a newer program.</exception>
    public async Task<BackupNotes> Read(CancellationToken ct)
    {
        if (((string[])[About, Dump, Heads]).FirstOrDefault(file => !File.Exists(file)) is { } missing)
            throw new StartRefused($"{Path} holds no whole backup: {System.IO.Path.GetFileName(missing)} is missing.");
        BackupNotes notes;
        try { notes = JsonSerializer.Deserialize<BackupNotes>(await File.ReadAllTextAsync(About, ct), KernelJson.Options)!; }
        catch (JsonException) { throw new StartRefused($"{About} cannot be read."); }
        if (notes is not { Format: >= 1, Migrations: not null, SealedBy: not null })
            throw new StartRefused($"{About} says nothing of its format, so it is no backup of DirectoryPlatform.");
        if (notes.Format > Format || notes.Migrations.Except(Migrator.NamesOf(Modules.All)).FirstOrDefault() is not null)
            throw new StartRefused("This backup was made by a newer version of DirectoryPlatform. Restore it with that or a newer one.");
        foreach (var (file, isAsWritten) in ((string, bool)[])[(Dump, await Measure(Dump, ct) == (notes.Bytes, notes.Sha256)),
            (Heads, (await Measure(Heads, ct)).Sha256 == notes.HeadsSha256)])
            if (!isAsWritten)
                throw new StartRefused($"{file} is not as it was written: it is damaged, or another file. Use another backup.");
        return notes;
    }
}
