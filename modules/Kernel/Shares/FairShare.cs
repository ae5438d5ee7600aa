namespace DirectoryPlatform.Kernel.Shares;

/// <summary>
/// A part of this node's processors for one kind of an organization's work: while a person of another organization is here, its pieces
/// begin as far apart as they are long, divided by the part. What is given out is a time to begin and nothing that is held: who is stuck,
/// has died or never comes back keeps nobody waiting, and who holds a connection meanwhile gets on. While nobody else is here nothing waits
/// and nothing is counted.
/// </summary>
/// <param name="part">Of a processor: 0.5 is a piece, and a rest as long.</param>
/// <param name="longest">Nobody waits longer.</param>
/// <param name="refuses">Whether who would wait longer is refused; otherwise they begin then.</param>
public sealed class FairShare(PeopleHere people, double part, TimeSpan longest, bool refuses, TimeProvider clock)
{
    /// <summary>More of one piece is not work: it stood on a lock, or on whoever reads it (own choice).</summary>
    static readonly TimeSpan MostOfPiece = TimeSpan.FromSeconds(2);

    /// <summary>So many are kept before those are dropped that owe nothing.</summary>
    const int Many = 1_000;

    readonly Piece _free = new(null, default, default);

    readonly Lock _gate = new();

    /// <summary>When an organization's next piece may begin. One that has passed says nothing, so none is missed when it is dropped.
    /// </summary>
    readonly Dictionary<Guid, TimeSpan> _due = [];

    readonly long _start = clock.GetTimestamp();
    TimeSpan _usual = TimeSpan.FromMilliseconds(20);

    TimeSpan Now => clock.GetElapsedTime(_start);

    internal int Kept
    {
        get { lock (_gate) return _due.Count; }
    }

    /// <summary>Waits for the time. Whoever waits here holds no lock and no transaction.</summary>
    /// <returns>To be ended with the work; null when refused.</returns>
    public async ValueTask<Piece?> Begin(Guid organization, CancellationToken ct)
    {
        if (!people.AnyOtherThan(organization)) return _free;
        var (piece, wait) = Take(organization);
        if (piece is null) return null;
        if (wait > TimeSpan.Zero)
            try { await Task.Delay(wait, clock, ct); }
            catch (OperationCanceledException)
            {
                piece.End(TimeSpan.Zero);
                throw;
            }
        piece.Begun = Now;
        return piece;
    }

    /// <summary>Whole seconds after which somebody who was refused may come back.</summary>
    public int Seconds => (int)Math.Ceiling(longest.TotalSeconds);

    (Piece? Piece, TimeSpan Wait) Take(Guid organization)
    {
        lock (_gate)
        {
            var now = Now;
            if (_due.Count > Many)
                foreach (var (who, due) in _due)
                    if (due <= now) _due.Remove(who);
            var at = Later(now, _due.GetValueOrDefault(organization));
            if (refuses && at - now > longest) return default;
            return (new(this, organization, Owe(organization, at + (_usual / part), now) - at), Earlier(at - now, longest));
        }
    }

    /// <summary>What was taken for its length gives way to how long it was.</summary>
    void End(Piece piece, TimeSpan took)
    {
        took = Earlier(took, MostOfPiece);
        lock (_gate)
        {
            var now = Now;
            var others = _due.GetValueOrDefault(piece.Organization) - piece.Owed;
            Owe(piece.Organization, Later(others, now - took) + (took / part), now);
            if (took > TimeSpan.Zero) _usual += (took - _usual) / 8;
        }
    }

    /// <summary>Not without an end: whoever has asked for much waits no longer for it than for anything else.</summary>
    TimeSpan Owe(Guid organization, TimeSpan due, TimeSpan now) => _due[organization] = Earlier(due, now + (2 * longest));

    static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Work of an organization between its beginning and its end; ended by disposing, too. Ends once.</summary>
    public sealed class Piece : IDisposable
    {
        readonly FairShare? _of;
        int _ended;

        internal Piece(FairShare? of, Guid organization, TimeSpan owed) => (_of, Organization, Owed) = (of, organization, owed);

        internal Guid Organization { get; }

        /// <summary>What is owed for it until it has ended and is known better.</summary>
        internal TimeSpan Owed { get; }

        internal TimeSpan Begun { get; set; }

        /// <param name="took">Where not all the time since the beginning was work.</param>
        public void End(TimeSpan took)
        {
            if (_of is not null && Interlocked.Exchange(ref _ended, 1) == 0) _of.End(this, took);
        }

        public void Dispose()
        {
            if (_of is not null) End(_of.Now - Begun);
        }
    }
}
