namespace DirectoryPlatform.Host.Startup;

/// <summary>
/// Before anything is opened or sealed: the key ring is brought under the key file's first key,
/// or the console says that there is none (SPEC S14).
/// </summary>
static class KeysAtStart
{
    /// <exception cref="KeyFileException">The file cannot be used, is the wrong one, or is missing.</exception>
    public static async Task Prepare(IConfiguration configuration, Installation installation, DirectoryInfo data, CancellationToken ct)
    {
        var file = KeyFile.From(configuration);
        KeyRingState state;
        await using (var database = Database.Open(installation.ConnectionString)) state = await KeyRingAtRest.Prepare(database, file, ct);
        if (file is null)
        {
            Console.WriteLine("No key file: the keys to the secrets in the database lie beside them, so anyone with a copy of it has both. "
                + "Keys__File names a file that seals them (docs/keys.md).");
            return;
        }
        foreach (var warning in file.Warnings(installation.IsEmbedded ? data : null)) Console.WriteLine(warning);
        if (state.WereClear > 0)
            Console.WriteLine($"The secrets in the database are sealed by the key {file.Keys.First} now. "
                + "Copies of the database that were made before, and its write-ahead log, still hold the keys in clear.");
        if (state.WereOlder > 0)
            Console.WriteLine($"The secrets in the database are sealed by the new key {file.Keys.First} now. "
                + "Once every node has the file, the lines below it may go; keep them as long as you keep backups from before.");
    }
}
