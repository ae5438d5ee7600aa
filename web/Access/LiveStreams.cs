using System.Collections.Concurrent;
using System.Diagnostics;
using DirectoryPlatform.Kernel.Live;

namespace DirectoryPlatform.Web.Access;

/// <summary>
/// What a page that somebody has open is told while it is open: that something has changed, and nothing of what. The page then reads its
/// own address again, as whoever looks may see it. One stream (server-sent events) per page that can be seen; without one the page asks
/// now and then. Neither counts as a click (SPEC S6).
/// </summary>
sealed class LiveStreams(LiveChanges changes, IHostApplicationLifetime host)
{
    /// <summary>Sent with every request that a page makes by itself.</summary>
    const string AskedByPage = "X-Live";

    /// <summary>How often a stream looks whether there is something to tell, and whether it may go on.</summary>
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(150);

    /// <summary>A check that takes longer lets nobody read on: with what else can pass before it, it is within the bound of SPEC A9.
    /// </summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>A proxy takes a connection for dead on which nothing comes for a minute.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    /// <summary>Of one person, on one node: as many windows as anybody looks at (own choice).</summary>
    internal const int MostOfPerson = 12;

    /// <summary>Of everybody, on one node (own choice): each looks six times a second at what is in memory.</summary>
    internal const int MostOfNode = 2_000;

    readonly ConcurrentDictionary<AccountId, int> _open = new();
    int _all;

    /// <summary>How many are open on this node.</summary>
    internal int Open => Volatile.Read(ref _all);

    public static bool IsStream(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<StreamMark>() is not null;

    public static bool IsAskedByPage(HttpContext http) => http.Request.Headers.ContainsKey(AskedByPage) || IsStream(http);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/o/{orgId:guid}/live",
        static (HttpContext http, Guid orgId, DateTimeOffset? since, LiveStreams live) => live.Stream(http, orgId, since))
        .Requires(Permission.ViewJobs).WithMetadata(new StreamMark());

    /// <param name="since">When the page was made; what has changed since then is told at once.</param>
    async Task Stream(HttpContext http, Guid organization, DateTimeOffset? since)
    {
        var person = http.Visitor()!.Account;
        var refused = host.ApplicationStopping.IsCancellationRequested ? StatusCodes.Status503ServiceUnavailable : Enter(person);
        if (refused is { } status)
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "5";
            return;
        }
        try { await Tell(http, changes.Watch(organization, since)); }
        // Whoever reads has gone, or it cannot be told any more whether they may: then it ends, and they come again.
        catch (Exception) when (http.Response.HasStarted) { }
        finally { Leave(person); }
    }

    async Task Tell(HttpContext http, LiveWatch watch)
    {
        using var _ = watch;
        var (may, response) = (http.Features.Get<StillLetIn>()!, http.Response);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, host.ApplicationStopping);
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        await Write("retry: 3000\n\n");
        for (var said = Stopwatch.GetTimestamp(); ;)
        {
            await Task.Delay(Beat, end.Token);
            if (!await may.Ask().WaitAsync(Patience, end.Token)) return;
            if (watch.Take() is not LiveTopics.None and var topics) await Write($"data: {Words(topics)}\n\n");
            else if (Stopwatch.GetElapsedTime(said) > Silence) await Write(":\n\n");
            else continue;
            said = Stopwatch.GetTimestamp();
        }

        async Task Write(string text)
        {
            await response.WriteAsync(text, end.Token);
            await response.Body.FlushAsync(end.Token);
        }
    }

    static string Words(LiveTopics topics) => string.Join(' ', Enum.GetValues<LiveTopics>()
        .Where(t => t is not LiveTopics.None && topics.HasFlag(t)).Select(t => t.ToString().ToLowerInvariant()));

    /// <returns>Null for who has a place.</returns>
    int? Enter(AccountId person)
    {
        var (all, own) = (Interlocked.Increment(ref _all), _open.AddOrUpdate(person, 1, (_, n) => n + 1));
        if (all <= MostOfNode && own <= MostOfPerson) return null;
        Leave(person);
        return own > MostOfPerson ? StatusCodes.Status429TooManyRequests : StatusCodes.Status503ServiceUnavailable;
    }

    void Leave(AccountId person)
    {
        Interlocked.Decrement(ref _all);
        if (_open.AddOrUpdate(person, 0, (_, n) => Math.Max(0, n - 1)) == 0) _open.TryRemove(new(person, 0));
    }

    /// <summary>Of the route.</summary>
    sealed class StreamMark;
}
