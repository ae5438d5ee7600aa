using System.Collections.Concurrent;

namespace DirectoryPlatform.Web.Api;

/// <summary>
/// How fast one API key may ask (SPEC P4): a bucket of tokens for each key, kept by this node alone, so that no request waits for another
/// node. With n nodes behind a balancer a key gets n times as much in all; whoever needs one number for all nodes sets it in the balancer.
/// </summary>
sealed class KeyLimits(ApiSettings settings, TimeProvider clock)
{
    /// <summary>Keys remembered at a time; full buckets are forgotten when there are more.</summary>
    const int Most = 10_000;

    sealed class Bucket
    {
        public double Tokens;
        public long At;
    }

    readonly ConcurrentDictionary<Guid, Bucket> _buckets = new();

    /// <returns>How long to wait; null when the request may go on.</returns>
    public TimeSpan? Take(Guid key)
    {
        var now = clock.GetTimestamp();
        var bucket = _buckets.GetOrAdd(key, _ => new Bucket { Tokens = settings.Burst, At = now });
        if (_buckets.Count > Most) ForgetRested(now);
        lock (bucket)
        {
            bucket.Tokens = Filled(bucket, now);
            bucket.At = now;
            if (bucket.Tokens < 1) return TimeSpan.FromSeconds((1 - bucket.Tokens) / settings.RequestsPerSecond);
            bucket.Tokens--;
            return null;
        }
    }

    double Filled(Bucket bucket, long now) =>
        Math.Min(settings.Burst,
            bucket.Tokens + (Math.Max(0, clock.GetElapsedTime(bucket.At, now).TotalSeconds) * settings.RequestsPerSecond));

    void ForgetRested(long now)
    {
        foreach (var (key, bucket) in _buckets)
            lock (bucket)
                if (Filled(bucket, now) >= settings.Burst) _buckets.TryRemove(key, out _);
    }
}

/// <summary>What an operator can set for programs (SPEC P4).</summary>
public sealed record ApiSettings
{
    /// <summary>Requests a second that one API key may go on with, on each node.</summary>
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>Requests that one API key may make at once after a rest, on each node.</summary>
    public int Burst { get; init; } = 200;
}
