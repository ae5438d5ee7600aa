namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>The data folder's first minute. It is made under another name and renamed when whole, so that an interrupted first start leaves
/// nothing half made.</summary>
internal static class NewCluster
{
    internal static async Task Create(ServerFolder folder, PostgresBinaries binaries, ServerUser user, EmbeddedPostgresOptions options,
        CancellationToken ct)
    {
        if (File.Exists(Path.Combine(folder.Cluster.FullName, "PG_VERSION"))) return;

        var making = folder.Cluster.FullName + ".new";
        if (Directory.Exists(making)) Directory.Delete(making, recursive: true);

        // C.UTF-8: sorts alike on every machine, so that no index breaks when the system's locales are upgraded.
        var made = await Command.Run(
            [
                .. user.Prefix, binaries.InitDb, "-D", making, "-U", Connections.User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                "--data-checksums",
                .. options.Durable ? (string[])[] : ["-N"],
            ], ct);
        if (!made.Succeeded)
        {
            var hint = user.Owner is null ? "" : $"\nUser {user.Owner} must be able to enter every folder above {folder.Root}.";
            throw new EmbeddedPostgresException(
                $"PostgreSQL could not make its data folder {making}:\n{string.Join('\n', made.Output.Split('\n').TakeLast(3))}{hint}");
        }

        Directory.Move(making, folder.Cluster.FullName);
        if (options.Durable) await Command.Run(["sync", folder.Root], ct);
        folder.Cluster.Refresh();
    }
}
