using System.Collections.Concurrent;
using System.Diagnostics;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// What is shared by the whole run ends with it. A test host is often killed at its end, so a shell outside waits for that end,
/// and then stops the product and removes its folder.
/// </summary>
static class Sweeping
{
    /// <summary>The folder stands in the product's command line: no other process that got its number meanwhile is stopped.</summary>
    const string Sweeper = """
        exec >/dev/null 2>&1
        read -r _
        if tr '\0' '\n' < "/proc/$1/cmdline" | grep -qxF "$0"; then kill -TERM "$1"; fi
        left=100
        while [ -e "/proc/$1" ] && [ "$left" -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
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
