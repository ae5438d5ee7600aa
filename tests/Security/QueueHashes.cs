using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Hashes wait in queues of their own (SPEC S11): who is known first, and no queue without an end.</summary>
[Trait("Rule", "S11")]
public sealed class QueueHashes
{
    /// <summary>A hash that ends when it is told to.</summary>
    sealed class Slow(HashQueue queue)
    {
        readonly List<string> _begun = [];

        public (Task Done, ManualResetEventSlim End) Run(HashLane lane, string name)
        {
            var end = new ManualResetEventSlim();
            return (queue.Run(lane, () =>
            {
                lock (_begun) _begun.Add(name);
                end.Wait(TimeSpan.FromSeconds(30));
                return 0;
            }, CancellationToken.None), end);
        }

        public IReadOnlyList<string> Begun
        {
            get { lock (_begun) return [.. _begun]; }
        }

        public async Task Until(int count)
        {
            for (var i = 0; i < 1_500 && Begun.Count < count; i++) await Task.Delay(20);
            Begun.Count.ShouldBe(count);
        }
    }

    [Fact]
    public async Task A_known_person_begins_at_once_however_many_strangers_wait()
    {
        var slow = new Slow(new HashQueue(2));
        var strangers = Enumerable.Range(0, 40).Select(i => slow.Run(i % 2 == 0 ? HashLane.SignIn : HashLane.Link, $"stranger {i}"))
            .ToList();
        await slow.Until(1);
        var known = slow.Run(HashLane.Known, "known");
        await slow.Until(2);
        slow.Begun[1].ShouldBe("known");
        // A second one waits for the first and still comes before all strangers but the one under way.
        var second = slow.Run(HashLane.Known, "second");
        known.End.Set();
        await slow.Until(3);
        slow.Begun[2].ShouldBe("second");
        second.End.Set();
        foreach (var (_, end) in strangers) end.Set();
        await Task.WhenAll(strangers.Select(s => s.Done)).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Known_people_leave_strangers_a_core_and_a_link_is_not_starved_by_sign_ins()
    {
        var slow = new Slow(new HashQueue(4));
        var known = Enumerable.Range(0, 10).Select(i => slow.Run(HashLane.Known, "known")).ToList();
        await slow.Until(3);
        var stranger = slow.Run(HashLane.SignIn, "stranger");
        await slow.Until(4);
        slow.Begun.ShouldContain("stranger");
        foreach (var (_, end) in known.Append(stranger)) end.Set();
        await Task.WhenAll(known.Append(stranger).Select(k => k.Done)).WaitAsync(TimeSpan.FromSeconds(30));

        slow = new Slow(new HashQueue(2));
        var first = slow.Run(HashLane.SignIn, "first");
        await slow.Until(1);
        var signIns = Enumerable.Range(0, 20).Select(i => slow.Run(HashLane.SignIn, "sign-in")).ToList();
        var link = slow.Run(HashLane.Link, "link");
        foreach (var (_, end) in signIns.Append(link)) end.Set();
        first.End.Set();
        await Task.WhenAll(signIns.Append(link).Append(first).Select(k => k.Done)).WaitAsync(TimeSpan.FromSeconds(30));
        slow.Begun.ToList().IndexOf("link").ShouldBeInRange(1, 5);
    }

    [Fact]
    public void A_full_lane_turns_away_with_a_time_and_fills_no_other()
    {
        var queue = new HashQueue(2);
        var seats = Enumerable.Range(0, queue.Room(HashLane.Link)).Select(_ => queue.Enter(HashLane.Link)).ToList();
        seats.ShouldAllBe(s => s != null);
        queue.Enter(HashLane.Link).ShouldBeNull();
        queue.Full(HashLane.Link).Seconds.ShouldBeInRange(5, 60);
        queue.Enter(HashLane.SignIn).ShouldNotBeNull();
        queue.Enter(HashLane.Known).ShouldNotBeNull();
        seats[0]!.Dispose();
        seats[0]!.Dispose();
        queue.Enter(HashLane.Link).ShouldNotBeNull("a place is given back, once");
        queue.Enter(HashLane.Link).ShouldBeNull();
    }
}
