namespace DirectoryPlatform.Kernel.Doors;

/// <summary>How a count goes: each question adds a step to the time at which it is at rest again, and that time may lie ahead by
/// the room at most.</summary>
public readonly record struct Rate(TimeSpan Step, TimeSpan Room)
{
    /// <summary>Questions that a node had let in by itself are added by so many at a time.</summary>
    const int MostBefore = 1_000_000;

    /// <param name="times">See <see cref="DoorSettings.Times"/>.</param>
    public static Rate Of(Pace pace, double times = 1)
    {
        var step = TimeSpan.FromTicks(Math.Max(1, (pace.Per / Math.Max(1, pace.AtOnce * times)).Ticks));
        return new(step, pace.Per - step);
    }

    /// <param name="rest">When the count is at rest, as it was; not believed beyond what it could be, so that a wrong clock closes nothing
    /// for longer than a step.</param>
    /// <param name="wanted">Questions that want in.</param>
    /// <param name="before">Questions that have been let in already and count all the same.</param>
    /// <param name="now">On the same clock as <paramref name="rest"/>, in ticks.</param>
    internal (int Granted, long RestsAt) Take(long rest, int wanted, int before, long now)
    {
        var most = now + Room.Ticks + Step.Ticks;
        rest = Math.Min(Math.Clamp(rest, now, most) + (Math.Clamp(before, 0, MostBefore) * Step.Ticks), most);
        var free = now + Room.Ticks - rest;
        var granted = free < 0 ? 0 : (int)Math.Min(wanted, (free / Step.Ticks) + 1);
        return (granted, rest + (granted * Step.Ticks));
    }

    /// <returns>Until the next question may come in.</returns>
    internal TimeSpan Wait(long rest, long now) => TimeSpan.FromTicks(Math.Max(0, rest - now - Room.Ticks));
}
