using System.Diagnostics;

namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>
/// A shell that outlives the app by one shutdown. It starts the server and waits for the end of a pipe that the app
/// holds open; the kernel closes that pipe however the app ends, <c>kill -9</c> included, and the server is stopped.
/// It is a session of its own, so that Ctrl-C at the console reaches the app and not the database under it.
/// </summary>
internal sealed class Keeper : IDisposable
{
    /// <summary>SIGINT is PostgreSQL's fast shutdown; SIGQUIT, after a minute, leaves the rest to crash recovery.</summary>
    const string Script = """
        exec >>"$0" 2>&1
        exec 3<&0
        "$@" 3<&- </dev/null &
        server=$!
        {
          read -r _ <&3
          kill -INT "$server"
          left=600
          while kill -0 "$server" 2>/dev/null && [ "$left" -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
          kill -QUIT "$server"
        } 2>/dev/null &
        watcher=$!
        wait "$server"
        status=$?
        kill "$watcher" 2>/dev/null
        exit "$status"
        """;

    readonly Process _shell;

    Keeper(Process shell) => _shell = shell;

    internal static Keeper Start(string log, IEnumerable<string> server)
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true };
        foreach (var argument in (string[])["sh", "-c", Script, log, .. server]) start.ArgumentList.Add(argument);
        // A PGPORT or PGDATA of the console's would change the server behind our back.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        return new(Process.Start(start)!);
    }

    /// <summary>True once the server is gone, for whatever reason.</summary>
    internal bool HasEnded => _shell.HasExited;

    internal Task Ends(CancellationToken ct) => _shell.WaitForExitAsync(ct);

    /// <summary>Lets go of the pipe and waits until the server has shut down.</summary>
    internal async Task Stop()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
    }

    public void Dispose() => _shell.Dispose();
}
