namespace DirectoryPlatform.Tests.Support;

/// <summary>Runs like the real clock, but can be set forward: 72 hours pass in no time. It can stand still: then a pause of seconds is as
/// long on a slow machine as on a fast one.</summary>
public sealed class TestClock : TimeProvider
{
    long _ahead;
    Instant? _stands;

    sealed record Instant(DateTimeOffset Time, long Timestamp);

    public override DateTimeOffset GetUtcNow() =>
        (Volatile.Read(ref _stands)?.Time ?? base.GetUtcNow()) + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public override long GetTimestamp() =>
        (Volatile.Read(ref _stands)?.Timestamp ?? base.GetTimestamp())
            + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _ahead)).TotalSeconds * TimestampFrequency);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    /// <summary>From now on time passes by <see cref="Pass"/> alone.</summary>
    public void Stand() => Volatile.Write(ref _stands, new(base.GetUtcNow(), base.GetTimestamp()));

    /// <summary>For the next test: the real time again.</summary>
    public void Reset()
    {
        Volatile.Write(ref _stands, null);
        Interlocked.Exchange(ref _ahead, 0);
    }
}
