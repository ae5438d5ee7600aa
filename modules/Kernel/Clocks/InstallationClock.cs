namespace DirectoryPlatform.Kernel.Clocks;

/// <summary>
/// What time it is, for all nodes of an installation together: the database's clock, and one stored offset (<c>kernel.clock</c>) that only
/// tests and demos move. Each node measures its own difference over a round trip, and counts on with the machine's monotonic clock, which
/// nobody sets: what one node writes and another one compares means the same on both, whatever their machines believe.
/// </summary>
/// <param name="machine">The clock of the machine that this node runs on.</param>
public sealed class InstallationClock(NpgsqlDataSource database, TimeProvider machine) : TimeProvider
{
    /// <summary>A node whose machine is off by more is not ready (decision 0063): certificates, logs and what other programs on it write
    /// would be wrong by that, though nothing here would.</summary>
    public static readonly TimeSpan MostOff = TimeSpan.FromSeconds(5);

    /// <summary>An answer that took longer says too little, once a better one is there (own choice).</summary>
    static readonly TimeSpan LongestTrip = TimeSpan.FromSeconds(1);

    /// <summary>The half of a round trip says this much less than it seems to (own choice).</summary>
    static readonly TimeSpan Doubt = TimeSpan.FromMilliseconds(1);

    const string Sql = "select clock_timestamp() as its_own, clock_timestamp() + ahead as here, ahead from kernel.clock";

    readonly Lock _first = new();
    Known? _known;

    /// <param name="Time">It was so late when the machine's monotonic clock stood at <paramref name="Timestamp"/>.</param>
    /// <param name="Off">By how much the machine is ahead of the database; null while it is not known.</param>
    /// <param name="Ahead">The stored offset.</param>
    sealed record Known(DateTimeOffset Time, long Timestamp, TimeSpan? Off, TimeSpan Ahead = default);

    /// <summary>By how much a demo has moved it forward.</summary>
    public TimeSpan Ahead => Volatile.Read(ref _known)?.Ahead ?? TimeSpan.Zero;

    /// <summary>By how much this machine's clock is ahead of the database's; null while no measurement has come back.</summary>
    public TimeSpan? Off => Volatile.Read(ref _known)?.Off;

    public override DateTimeOffset GetUtcNow()
    {
        var known = Volatile.Read(ref _known) ?? First();
        return At(known, machine.GetTimestamp());
    }

    public override long GetTimestamp() => machine.GetTimestamp();

    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>Asks the database.</summary>
    public async Task Measure(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Sql, connection);
        var sent = machine.GetTimestamp();
        await using var answer = await command.ExecuteReaderAsync(ct);
        await answer.ReadAsync(ct);
        Heard(sent, answer);
    }

    /// <summary>Whoever asks before anything was measured waits for it once; without a database the machine is believed for now.</summary>
    Known First()
    {
        lock (_first)
        {
            if (Volatile.Read(ref _known) is { } known) return known;
            try
            {
                using var connection = database.OpenConnection();
                using var command = new NpgsqlCommand(Sql, connection);
                var sent = machine.GetTimestamp();
                using var answer = command.ExecuteReader();
                answer.Read();
                return Heard(sent, answer);
            }
            catch (Exception)
            {
                // Unless it was measured meanwhile.
                known = new(machine.GetUtcNow(), machine.GetTimestamp(), null);
                return Interlocked.CompareExchange(ref _known, known, null) ?? known;
            }
        }
    }

    Known Heard(long sent, NpgsqlDataReader answer)
    {
        var (received, seems) = (machine.GetTimestamp(), machine.GetUtcNow());
        var (own, here) = (answer.GetFieldValue<DateTimeOffset>(0), answer.GetFieldValue<DateTimeOffset>(1));
        var half = machine.GetElapsedTime(sent, received) / 2;
        var (before, off) = (Volatile.Read(ref _known), seems - (own + half));
        if (before?.Off is not null)
        {
            if (half > LongestTrip / 2) return before;
            // What fits the answer is kept, so that time does not tremble with each measurement.
            if ((At(before, received) - (here + half)).Duration() <= half + Doubt) here = At(before, received) - half;
        }
        var known = new Known(here + half, received, off, answer.GetFieldValue<TimeSpan>(2));
        Volatile.Write(ref _known, known);
        return known;
    }

    DateTimeOffset At(Known known, long timestamp) => known.Time + machine.GetElapsedTime(known.Timestamp, timestamp);
}
