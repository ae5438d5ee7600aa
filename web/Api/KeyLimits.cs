namespace DirectoryPlatform.Web.Api;

/// <summary>
/// How fast one API key, or one identity provider, may ask (SPEC P4), on all nodes together. A key that asks often is granted several
/// requests at a time, so that few of them wait for another node.
/// </summary>
sealed class KeyLimits(ApiSettings settings, SharedCounts counts, DoorSettings doors)
{
    /// <summary>Granted at a time: of a burst of 200 twenty (own choice). What a node does not use lapses within a second.</summary>
    const int Parts = 10;

    readonly Rate _rate = Rate.Of(
        new(settings.Burst, TimeSpan.FromSeconds((double)settings.Burst / settings.RequestsPerSecond)));

    /// <returns>How long to wait; null when the request may go on.</returns>
    public async ValueTask<TimeSpan?> Take(Guid key, CancellationToken ct)
    {
        var wait = await counts.Take(key, _rate, Math.Max(1, settings.Burst / Parts), doors.Patience, ct);
        if (wait is not null) Meters.Limited.Count("limit", "key");
        return wait;
    }
}

/// <summary>What an operator can set for programs (SPEC P4).</summary>
public sealed record ApiSettings
{
    /// <summary>Requests a second that one API key may go on with, on all nodes together.</summary>
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>Requests that one API key may make at once after a rest, on all nodes together.</summary>
    public int Burst { get; init; } = 200;
}
