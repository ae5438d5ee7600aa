namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Places that many share (SPEC A9, P4): no crowd keeps somebody else out, and none is lost.</summary>
[Trait("Rule", "P4"), Trait("Finding", "A13")]
public sealed class TakeFairPlaces
{
    const int Any = int.MaxValue;

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_party_takes_another_place_only_while_it_has_fewer_than_are_free()
    {
        var places = new FairPlaces<string>(32);
        var taken = ((string[])["first", "second", "third", "fourth", "fifth", "sixth"]).Select(who =>
        {
            var asked = Enumerable.Range(0, 200).Select(_ => places.Enter(who, Any, default)).ToList();
            return asked.Count(a => a.IsCompletedSuccessfully);
        });
        taken.ShouldBe([16, 8, 4, 2, 1, 1]);
        places.Free.ShouldBe(0);
        places.Waiting("first").ShouldBe(184);
    }

    [Fact]
    public async Task Whoever_has_given_up_and_is_served_by_another_who_gives_up_begins_nothing()
    {
        var places = new FairPlaces<string>(1);
        var holder = await places.Enter("one", Any, default);
        using var enough = new CancellationTokenSource();
        var waiting = places.Enter("one", Any, enough.Token);
        // What was registered last is called first: the place is given back before the one who waits for it has given up.
        enough.Token.Register(holder!.Dispose);
        await enough.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(Soon));
        (places.Free, places.Waiting("one")).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Whoever_waits_with_one_goes_before_the_crowd_that_came_first()
    {
        var places = new FairPlaces<string>(1);
        var holder = await places.Enter("crowd", Any, default);
        var crowd = Enumerable.Range(0, 200).Select(_ => places.Enter("crowd", Any, default)).ToList();
        var (one, other) = (places.Enter("one", Any, default), places.Enter("other", Any, default));
        var order = new List<string>();
        for (var place = holder; order.Count < 4;)
        {
            place!.Dispose();
            var served = await Task.WhenAny([one, other, .. crowd]).WaitAsync(Soon);
            place = await served;
            order.Add(served == one ? "one" : served == other ? "other" : "crowd");
            if (served == one) one = new TaskCompletionSource<IDisposable?>().Task;
            else if (served == other) other = new TaskCompletionSource<IDisposable?>().Task;
            else crowd.Remove(served);
        }
        order.ShouldBe(["one", "other", "crowd", "crowd"]);
        places.Waiting("crowd").ShouldBe(198);
    }

    [Fact]
    public async Task So_many_may_wait_and_whoever_gives_up_makes_room()
    {
        var places = new FairPlaces<string>(2);
        using var held = await places.Enter("a", 2, default).WaitAsync(Soon);
        using var enough = new CancellationTokenSource();
        var (first, second) = (places.Enter("a", 2, enough.Token), places.Enter("a", 2, default));
        (await places.Enter("a", 2, default).WaitAsync(Soon)).ShouldBeNull();
        await enough.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first.WaitAsync(Soon));
        places.Waiting("a").ShouldBe(1);
        using (var another = await places.Enter("b", 2, default).WaitAsync(Soon))
            another.ShouldNotBeNull("the other place was free all the time");
        held!.Dispose();
        using var last = await second.WaitAsync(Soon);
        held.Dispose();
        places.Free.ShouldBe(1, "a place is given back once");
        await Should.ThrowAsync<OperationCanceledException>(() => places.Enter("a", 2, enough.Token).WaitAsync(Soon));
    }

    [Fact]
    public async Task In_a_crowd_that_comes_goes_fails_and_gives_up_no_place_is_lost_or_given_twice()
    {
        const int Most = 6;
        var places = new FairPlaces<int>(Most);
        var (inside, worst, served, gaveUp) = (0, 0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 4_000).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            using var patience = new CancellationTokenSource();
            if (random.Next(3) == 0) patience.CancelAfter(TimeSpan.FromMilliseconds(random.Next(1, 60)));
            try
            {
                using var place = await places.Enter(i % 7 < 5 ? 0 : i % 7, Any, patience.Token);
                InterlockedMax(ref worst, Interlocked.Increment(ref inside));
                try
                {
                    if (random.Next(4) == 0) await Task.Delay(1);
                    if (random.Next(5) == 0) throw new InvalidOperationException("failed");
                }
                finally { Interlocked.Decrement(ref inside); }
                Interlocked.Increment(ref served);
            }
            catch (InvalidOperationException) { Interlocked.Increment(ref served); }
            catch (OperationCanceledException) { Interlocked.Increment(ref gaveUp); }
        }))).WaitAsync(TimeSpan.FromMinutes(2));
        (served + gaveUp, places.Free).ShouldBe((4_000, Most));
        worst.ShouldBeInRange(2, Most);
        gaveUp.ShouldBeGreaterThan(0);
        Enumerable.Range(0, 7).Sum(places.Waiting).ShouldBe(0);
        Enumerable.Range(0, Most).Select(_ => places.Enter(9, Any, default)).Count(a => a.IsCompletedSuccessfully).ShouldBe(Most / 2);
    }

    static void InterlockedMax(ref int place, int value)
    {
        for (var seen = Volatile.Read(ref place); seen < value; seen = Volatile.Read(ref place))
            if (Interlocked.CompareExchange(ref place, value, seen) == seen) return;
    }
}
