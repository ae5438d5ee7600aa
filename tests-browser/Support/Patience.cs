using System.Diagnostics;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// After what time something that a journey waits for will not come. Long, since two cores may be building and testing something else
/// meanwhile; nothing that comes takes longer by it.
/// </summary>
static class Patience
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    /// <summary>As the browser counts.</summary>
    public static float Milliseconds => (float)Long.TotalMilliseconds;

    /// <summary>For what no page shows; asked often, so that nobody waits for the next asking.</summary>
    public static async Task Until(Func<Task<bool>> hasCome)
    {
        for (var waited = Stopwatch.StartNew(); !await hasCome(); await Task.Delay(25))
            if (waited.Elapsed > Long) throw new TimeoutException($"It has not come within {Long.TotalSeconds} s.");
    }
}
