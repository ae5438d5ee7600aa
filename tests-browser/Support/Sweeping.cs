using System.Collections.Concurrent;
using System.Diagnostics;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// What is shared by the whole run ends with it. A test host is often killed at its end, so a shell outside waits for that end,
/// and then ends the product, which has nothing to save, and removes its folder.
/// </summary>
static class Sweeping
{
    /// <summary>The folder stands in the product's command line: no other process that got its number meanwhile is ended.</summary>
    const string Sweeper = """
        exec >/dev/null 2>&1
        read -r _
        if tr '\0' '\n' < "/proc/$1/cmdline" | grep -qxF "$0"; then kill -KILL "$1"; fi
        rm -rf "$0"
        """;

    /// <summary>Held, so that their pipes stay open as long as this process lives.</summary>
    static readonly ConcurrentBag<Process> Waiting = [];

    public static void AtTheEnd(int product, string folder)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Sweeper, folder, $"{product}"]) { RedirectStandardInput = true };
        Waiting.Add(Process.Start(start)!);
    }
}
