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
}
