namespace DirectoryPlatform.Kernel.Clocks;

/// <summary>Measures every few seconds, and says once when this machine's clock goes wrong, and once when it is right again.</summary>
sealed class ClockKeeper(InstallationClock clock, Outage outage, ILogger<ClockKeeper> log) : BackgroundService
{
    /// <summary>Two clocks drift apart by milliseconds in it; one that somebody sets is noticed (own choice).</summary>
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(3);

    bool _isOff;

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                try { await Look(ct); }
                // Beside the outage, the database's check says what is wrong.
                catch (Exception failed) when (!ct.IsCancellationRequested) { outage.Explains(failed); }
                await Task.Delay(Beat, ct);
            }
        }
        catch (Exception) when (ct.IsCancellationRequested) { }
    }

    internal async Task Look(CancellationToken ct)
    {
        await clock.Measure(ct);
        outage.End();
        var off = clock.Off ?? TimeSpan.Zero;
        if (off.Duration() > InstallationClock.MostOff == _isOff) return;
        _isOff = !_isOff;
        if (_isOff) log.ClockIsOff(off.TotalSeconds);
        else log.ClockIsRight(off.TotalSeconds);
    }
}
