using System.Diagnostics;

namespace DirectoryPlatform.Kernel.Checks;

/// <summary>
/// That whoever asks was let in, and as of when. Between the check and what it was for a process may be frozen for any time: so whoever
/// writes, and whoever answers a check, asks first whether it is too old (<see cref="Admissions.Stand"/>).
/// </summary>
public sealed class Admission(CancellationToken givenUp = default)
{
    long _asOf = Stopwatch.GetTimestamp();
    Func<Task<bool>>? _again;

    internal long AsOf => Volatile.Read(ref _asOf);

    /// <summary>Of work that was handed on by whoever can repeat the check, and is given back when that is needed.</summary>
    internal static Admission? HandedOn(long? asOf) =>
        asOf is { } then ? new() { _asOf = then, _again = () => throw new TimeoutException() } : null;

    /// <summary>Of a check that is made once more: it writes nothing, because whoever waits for it may hold what it would wait for.
    /// </summary>
    public bool IsRepeat { get; init; }

    /// <summary>Cancelled when whoever asks has gone: what still waits for others need not begin. What has begun is carried through.
    /// </summary>
    /// <remarks>No property, which every call would be asked to hand on.</remarks>
    public CancellationToken WhenGivenUp() => givenUp;

    internal Func<Task<bool>>? Again => Volatile.Read(ref _again);

    /// <summary>Of what it rests on.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(AsOf);

    /// <summary>Whether what it rests on is older than a check may be.</summary>
    public bool IsOld => IsTooOld(AsOf);

    /// <param name="asOf">Null for what nobody outside has asked for.</param>
    internal static bool IsTooOld(long? asOf) => asOf is { } then && Stopwatch.GetElapsedTime(then) > Revocations.Oldest;

    /// <param name="again">The same check once more, which writes nothing (<see cref="IsRepeat"/>); false for whoever may no longer.
    /// </param>
    public void LetIn(Func<Task<bool>> again) => Volatile.Write(ref _again, again);

    /// <summary>What goes on after the answer is the product's own work.</summary>
    public void End() => Volatile.Write(ref _again, null);

    /// <summary>A part of it was true as of then.</summary>
    internal void RestsOn(long asOf)
    {
        for (var known = AsOf; asOf < known; known = AsOf)
            if (Interlocked.CompareExchange(ref _asOf, asOf, known) == known) return;
    }

    internal void Renew(long asOf) => Volatile.Write(ref _asOf, asOf);
}

/// <summary>The admission of what is being done now, wherever in the code: of a request, or none for the product's own work.</summary>
public sealed class Admissions
{
    /// <summary>A machine on which a check takes longer than it may be old writes nothing.</summary>
    const int MostTries = 5;

    readonly AsyncLocal<Admission?> _now = new();

    public Admission? Now => _now.Value;

    /// <summary>For all that the caller calls from here on.</summary>
    public Admission Begin(CancellationToken givenUp = default) => _now.Value = new(givenUp);

    /// <summary>Whether the check that is made now is made once more, and notes no use.</summary>
    public bool IsRepeat => Now is { IsRepeat: true };

    /// <summary>Repeats the check when it is too old.</summary>
    /// <exception cref="NoLongerAdmittedException">Whoever asks may no longer.</exception>
    /// <exception cref="TimeoutException">No check was young enough at its own end.</exception>
    public ValueTask Stand() => Stand(Now);

    /// <summary>The same for work that waits in a queue of others.</summary>
    public ValueTask Stand(Admission? admission) =>
        admission is { IsOld: true, Again: not null } ? new(Repeat(admission)) : default;

    async Task Repeat(Admission old)
    {
        for (var tries = 0; old is { IsOld: true, Again: { } again }; tries++)
        {
            if (tries == MostTries) throw new TimeoutException("Checks take longer than they may be old.");
            var fresh = _now.Value = new() { IsRepeat = true };
            if (!await again()) throw new NoLongerAdmittedException();
            old.Renew(fresh.AsOf);
        }
    }
}

/// <summary>Whoever was let in may no longer, and nothing was written.</summary>
public sealed class NoLongerAdmittedException() : Exception("Whoever asked for this may no longer.");
