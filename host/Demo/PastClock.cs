namespace DirectoryPlatform.Host.Demo;

/// <summary>The time of a demo's history, for a container of its own: nobody else's clock moves.</summary>
sealed class PastClock(TimeProvider now) : TimeProvider
{
    TimeSpan _ago;

    /// <summary>Goes to a morning so many days ago.</summary>
    public void GoTo(double daysAgo) => _ago = TimeSpan.FromDays(daysAgo);

    public override DateTimeOffset GetUtcNow() => now.GetUtcNow() - _ago;

    public override long GetTimestamp() => now.GetTimestamp();

    public override long TimestampFrequency => now.TimestampFrequency;
}
