namespace DirectoryPlatform.Tests.Support;

/// <summary>Runs like the real clock, but can be set forward: 72 hours pass in no time.</summary>
public sealed class TestClock : TimeProvider
{
    long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public override long GetTimestamp() => base.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _ahead)).TotalSeconds * TimestampFrequency);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    /// <summary>For the next test: the real time again.</summary>
    public void Reset() => Interlocked.Exchange(ref _ahead, 0);
}
