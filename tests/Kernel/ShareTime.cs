namespace DirectoryPlatform.Tests.Kernel;

/// <summary>What an organization's work leaves to people of others, by a clock that is set by hand (docs/decisions/0068).</summary>
[Trait("Rule", "P4"), Trait("Rule", "C2"), Trait("Rule", "M9")]
public sealed class ShareTime
{
    static readonly Guid Acme = Guid.CreateVersion7(), Globex = Guid.CreateVersion7(), Hooli = Guid.CreateVersion7();

    readonly HandClock _clock = new();
    readonly PeopleHere _people;
    readonly FairShare _half;

    public ShareTime()
    {
        _people = new(_clock);
        _half = new(_people, 0.5, Seconds(10), refuses: false, _clock);
    }

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>Whoever begins at once.</summary>
    FairShare.Piece AtOnce(Guid organization, FairShare? share = null)
    {
        var begun = (share ?? _half).Begin(organization, default);
        begun.IsCompletedSuccessfully.ShouldBeTrue();
        return begun.Result!;
    }

    static Task<FairShare.Piece?> Ask(FairShare share, Guid organization, CancellationToken ct = default) =>
        AtOnce(() => share.Begin(organization, ct).AsTask());

    /// <summary>So that whoever waits goes on while the clock is being set, and not a little later.</summary>
    static T AtOnce<T>(Func<T> act)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try { return act(); }
        finally { SynchronizationContext.SetSynchronizationContext(context); }
    }

    [Fact]
    public void Somebody_of_another_organization_is_here_for_a_while()
    {
        _people.AnyOtherThan(Acme).ShouldBeFalse();
        _people.Note(Acme);
        (_people.AnyOtherThan(Acme), _people.AnyOtherThan(Globex)).ShouldBe((false, true));
        _people.Note(Globex);
        _people.Note(Acme);
        _people.Note(Acme);
        (_people.AnyOtherThan(Acme), _people.AnyOtherThan(Globex), _people.AnyOtherThan(Hooli)).ShouldBe((true, true, true));
        _clock.Pass(Seconds(6));
        _people.Note(Hooli);
        _clock.Pass(Seconds(6));
        (_people.AnyOtherThan(Hooli), _people.AnyOtherThan(Acme)).ShouldBe((false, true));
        _people.Note(default);
        _people.AnyOtherThan(Hooli).ShouldBeTrue("people of no organization are somebody");
        _clock.Pass(PeopleHere.Stay);
        _people.AnyOtherThan(Acme).ShouldBeFalse();
    }

    [Fact]
    public void Who_stays_is_noted_anew()
    {
        for (var second = 0; second < 30; second++)
        {
            _people.Note(Globex);
            _people.AnyOtherThan(Acme).ShouldBeTrue();
            _clock.Pass(Seconds(1.5));
        }
    }

    [Fact]
    public void Nothing_waits_and_nothing_is_counted_while_only_its_own_people_are_here()
    {
        _people.Note(Acme);
        for (var i = 0; i < 1_000; i++) AtOnce(Acme).End(Seconds(2));
        _half.Kept.ShouldBe(0);
    }

    [Theory]
    [InlineData(0.5, 0.4), InlineData(0.25, 1.2), InlineData(2, 0)]
    public async Task A_piece_is_followed_by_a_rest_that_its_part_leaves(double part, double rest)
    {
        var share = new FairShare(_people, part, Seconds(10), refuses: false, _clock);
        _people.Note(Globex);
        for (var i = 0; i < 5; i++)
        {
            var began = _clock.Now;
            var begun = Ask(share, Acme);
            while (!begun.IsCompleted && _clock.Now - began < Seconds(5)) _clock.Pass(Seconds(0.01));
            (_clock.Now - began).ShouldBe(Seconds(i == 0 ? 0 : rest), Seconds(0.02));
            _clock.Pass(Seconds(0.4));
            (await begun)!.Dispose();
            _people.Note(Globex);
        }
    }

    [Fact]
    public void Those_who_come_together_begin_one_after_the_other()
    {
        _people.Note(Globex);
        AtOnce(Acme).End(Seconds(0.1));
        var all = Enumerable.Range(0, 5).Select(_ => Ask(_half, Acme)).ToList();
        var begun = new List<int>();
        for (var i = 0; i < 60; i++)
        {
            begun.Add(all.Count(a => a.IsCompleted));
            _clock.Pass(Seconds(0.01));
        }
        begun[0].ShouldBe(0);
        begun[^1].ShouldBe(5);
        begun.Zip(begun.Skip(1), (one, next) => next - one).Max().ShouldBe(1);
        AtOnce(Hooli).Dispose();
    }

    /// <summary>Nothing is held, so nothing can be lost.</summary>
    [Fact]
    public async Task Whoever_is_stuck_or_gives_up_keeps_nobody_waiting()
    {
        _people.Note(Globex);
        AtOnce(Acme);
        AtOnce(Hooli).End(Seconds(2));
        using var enough = new CancellationTokenSource();
        var givesUp = Enumerable.Range(0, 50).Select(_ => Ask(_half, Hooli, enough.Token)).ToList();
        var stuck = Ask(_half, Acme);
        _clock.Pass(Seconds(0.1));
        stuck.IsCompletedSuccessfully.ShouldBeTrue();
        await enough.CancelAsync();
        foreach (var gone in givesUp) await Should.ThrowAsync<OperationCanceledException>(() => gone);
        var next = Ask(_half, Hooli);
        _clock.Pass(Seconds(3.8));
        next.IsCompleted.ShouldBeFalse("what was done is paid for");
        _clock.Pass(Seconds(0.1));
        next.IsCompletedSuccessfully.ShouldBeTrue("what was given up is not");
    }

    [Fact]
    public async Task Whoever_owes_much_begins_after_ten_seconds_or_is_refused()
    {
        var refusing = new FairShare(_people, 0.5, Seconds(5), refuses: true, _clock);
        _people.Note(Globex);
        foreach (var share in (FairShare[])[_half, refusing])
        {
            var pieces = Enumerable.Range(0, 20).Select(_ => Ask(share, Acme)).ToList();
            _clock.Pass(Seconds(2));
            foreach (var piece in pieces) (await piece)!.End(Seconds(60));
        }
        _people.Note(Globex);
        var waits = Ask(_half, Acme);
        (await refusing.Begin(Acme, default)).ShouldBeNull();
        refusing.Seconds.ShouldBe(5);
        AtOnce(Hooli, refusing);
        _clock.Pass(Seconds(9.9));
        waits.IsCompleted.ShouldBeFalse();
        _clock.Pass(Seconds(0.1));
        waits.IsCompletedSuccessfully.ShouldBeTrue();
        _people.Note(Globex);
        AtOnce(Acme, refusing);
    }

    [Fact]
    public void Those_that_owe_nothing_are_dropped_and_who_owes_is_not()
    {
        _people.Note(Globex);
        for (var i = 0; i <= 1_000; i++) AtOnce(Guid.CreateVersion7()).End(Seconds(0.01));
        _half.Kept.ShouldBe(1_001);
        _clock.Pass(Seconds(2));
        AtOnce(Acme).End(Seconds(2));
        AtOnce(Hooli).End(Seconds(0));
        _half.Kept.ShouldBe(2);
        _half.Begin(Acme, default).IsCompleted.ShouldBeFalse();
    }

    /// <summary>One that took longer than a thousand others were busy is paid for, though it was dropped meanwhile.</summary>
    [Fact]
    public void A_long_piece_is_paid_for_by_whoever_was_forgotten_before_its_end()
    {
        _people.Note(Globex);
        var lasts = AtOnce(Acme);
        _clock.Pass(Seconds(1.5));
        for (var i = 0; i <= 1_001; i++) AtOnce(Guid.CreateVersion7());
        lasts.Dispose();
        lasts.Dispose();
        var next = Ask(_half, Acme);
        _clock.Pass(Seconds(1.4));
        next.IsCompleted.ShouldBeFalse();
        _clock.Pass(Seconds(0.1));
        next.IsCompleted.ShouldBeTrue("it is paid for once");
    }

    /// <summary>By the real clock: whatever comes together, everybody begins in the end.</summary>
    [Fact]
    public async Task In_a_crowd_that_comes_goes_and_gives_up_everybody_begins()
    {
        var people = new PeopleHere(TimeProvider.System);
        FairShare[] shares = [new(people, 0.5, Seconds(0.3), false, TimeProvider.System), new(people, 0.5, Seconds(0.3), true,
            TimeProvider.System)];
        var (served, refused, gaveUp) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            using var patience = new CancellationTokenSource();
            if (random.Next(4) == 0) patience.CancelAfter(random.Next(1, 200));
            people.Note(i % 3 == 0 ? Acme : Globex);
            try
            {
                using var piece = await shares[i % 2].Begin(i % 5 == 0 ? Globex : Acme, patience.Token);
                if (random.Next(3) == 0) await Task.Delay(1);
                Interlocked.Increment(ref piece is null ? ref refused : ref served);
            }
            catch (OperationCanceledException) { Interlocked.Increment(ref gaveUp); }
        }))).WaitAsync(TimeSpan.FromMinutes(1));
        (served + refused + gaveUp).ShouldBe(2_000);
        served.ShouldBeGreaterThan(300);
    }

    /// <summary>Stands until it is set forward; then calls at once whoever waits.</summary>
    sealed class HandClock : TimeProvider
    {
        readonly List<Timer> _timers = [];

        public TimeSpan Now { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(() => callback(state), Now + dueTime);
            lock (_timers) _timers.Add(timer);
            return timer;
        }

        public void Pass(TimeSpan time)
        {
            Now += time;
            List<Timer> due;
            lock (_timers)
            {
                due = [.. _timers.Where(t => t.At <= Now)];
                _timers.RemoveAll(due.Contains);
            }
            foreach (var timer in due) AtOnce(timer.Call);
        }

        sealed class Timer(Action call, TimeSpan at) : ITimer
        {
            bool _ended;

            public TimeSpan At => at;

            public bool Call()
            {
                if (!_ended) call();
                return _ended;
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();
            public void Dispose() => _ended = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
