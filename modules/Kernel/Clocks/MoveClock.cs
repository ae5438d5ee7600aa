namespace DirectoryPlatform.Kernel.Clocks;

/// <param name="Moves">Whether anybody may move the clock.</param>
sealed record ClockSettings(bool Moves);

/// <summary>Moves the installation's clock forward (SPEC R9); what is done again and again is done at once, as if the time had passed.
/// Refused with <see cref="ClockIsReal"/>, or <see cref="InvalidValue"/> of field "days" for what is no offered step.</summary>
public sealed record MoveClock(TimeSpan? By) : IRequest<Outcome<Done>>
{
    /// <summary>SPEC R9.</summary>
    public static readonly IReadOnlyList<TimeSpan> Steps = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(7),
        TimeSpan.FromDays(30), TimeSpan.FromDays(90)];
}

/// <summary>What time it is, and by how much that is ahead of the machine's.</summary>
public sealed record ReadClock : IRequest<ClockView>;

/// <param name="Moves">Whether it can be moved.</param>
public sealed record ClockView(DateTimeOffset Now, TimeSpan Ahead, bool Moves);

public sealed record ClockIsReal() : Refusal("clockIsReal", "Only the clock of a demo with its own database can be moved.");

sealed class ClockHandlers(NpgsqlDataSource database, InstallationClock clock, ClockSettings settings)
    : IRequestHandler<MoveClock, Outcome<Done>>, IRequestHandler<ReadClock, ClockView>
{
    /// <summary>It never goes back: far enough for every term, and far from where dates end.</summary>
    static readonly TimeSpan MostAhead = TimeSpan.FromDays(3_653);

    public async Task<Outcome<Done>> Handle(MoveClock command, CancellationToken ct)
    {
        if (!settings.Moves) return new ClockIsReal();
        if (command.By is not { } by || !MoveClock.Steps.Contains(by)) return new InvalidValue("days", "Choose one of the steps.");
        if (clock.Ahead + by > MostAhead) return new InvalidValue("days", "The clock is ten years ahead, as far as it goes.");
        // The beats of recurring work go by the database's own clock: they are due now.
        await database.Write("""
            update kernel.clock set ahead = ahead + @by;
            update kernel.recurring set next_at = clock_timestamp()
            """, new { by }, ct);
        await clock.Measure(ct);
        return Done.It;
    }

    public Task<ClockView> Handle(ReadClock query, CancellationToken ct) =>
        Task.FromResult(new ClockView(clock.GetUtcNow(), clock.Ahead, settings.Moves));
}
