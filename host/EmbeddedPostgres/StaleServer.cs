using System.Globalization;
using System.Runtime.InteropServices;

namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>
/// A server left behind because its keeper was killed too. Only the holder of the lock looks for it, so whatever still works in
/// the cluster's folder is nobody's. Processes are recognised by their working folder, which every PostgreSQL process
/// has inside its cluster: a process id alone may have gone to somebody else since.
/// </summary>
internal static class StaleServer
{
    const int Interrupt = 2, Quit = 3, Kill = 9;

    internal static async Task Stop(ServerFolder folder, CancellationToken ct)
    {
        var (cluster, pidFile) = (folder.Cluster, Path.Combine(folder.Cluster.FullName, "postmaster.pid"));

        // Polite first; then let crash recovery do the rest; at last by force.
        var left = WorkingIn(cluster);
        if (left.Count > 0)
        {
            var line = File.Exists(pidFile) ? (await File.ReadAllLinesAsync(pidFile, ct)).FirstOrDefault() : null;
            var asked = int.TryParse(line, CultureInfo.InvariantCulture, out var postmaster) && left.Contains(postmaster);
            if (asked) Signal(postmaster, Interrupt);
            // What is left without its postmaster can commit nothing any more that anybody would hear of.
            if (!asked || !await Gone(cluster, TimeSpan.FromSeconds(20), ct))
                WorkingIn(cluster).ForEach(process => Signal(process, Quit));
            if (!await Gone(cluster, TimeSpan.FromSeconds(5), ct)) WorkingIn(cluster).ForEach(process => Signal(process, Kill));
            if (!await Gone(cluster, TimeSpan.FromSeconds(10), ct))
                throw new EmbeddedPostgresException(
                    $"A PostgreSQL process ({string.Join(", ", WorkingIn(cluster))}) holds {cluster.FullName} and cannot be stopped.");
        }

        // Nobody is left, so the id in these files is a zombie's, or somebody else's by now:
        // PostgreSQL would take either for a running server.
        foreach (var leftover in (string[])[pidFile, folder.SocketFile, folder.SocketFile + ".lock"])
            if (File.Exists(leftover)) File.Delete(leftover);
    }

    /// <summary>A zombie has no working folder any more, so it does not count.</summary>
    internal static List<int> WorkingIn(DirectoryInfo cluster)
    {
        var found = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                var folder = new FileInfo(Path.Combine(process, "cwd")).LinkTarget;
                var name = File.ReadAllText(Path.Combine(process, "comm"));
                if (folder == cluster.FullName && name.StartsWith("postgres", StringComparison.Ordinal)) found.Add(id);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or is another user's and so none of ours.
            }
        }
        return found;
    }

    static async Task<bool> Gone(DirectoryInfo cluster, TimeSpan within, CancellationToken ct)
    {
        for (var until = TimeProvider.System.GetUtcNow() + within; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(25, ct))
            if (WorkingIn(cluster).Count == 0) return true;
        return false;
    }

    static void Signal(int process, int signal) => _ = kill(process, signal);

    [DllImport("libc")]
    static extern int kill(int process, int signal);
}
