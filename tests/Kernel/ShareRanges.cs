namespace DirectoryPlatform.Tests.Kernel;

/// <summary>What a node takes and gives back, as a pure decision.</summary>
[Trait("Rule", "C2"), Trait("Rule", "R2")]
public sealed class ShareRanges
{
    const int AtOnce = 8;
    static readonly Guid Acme = Guid.CreateVersion7(), Globex = Guid.CreateVersion7(), Hooli = Guid.CreateVersion7();

    static List<OpenRange> Ranges(Guid organization, int count, int minute = 0) =>
        [.. Enumerable.Range(1, count)
            .Select(no => new OpenRange(organization, no, organization, new DateTime(2026, 11, 29, 0, minute, 0)))];

    static RangeShares.Share Of(int nodes, List<OpenRange> mine, List<OpenRange> waiting, params Guid[] elsewhere) =>
        RangeShares.Of(new(nodes, mine.Count + waiting.Count + elsewhere.Length, waiting, elsewhere), mine, AtOnce);

    [Fact]
    public void A_node_that_is_alone_takes_all_that_fits()
    {
        Of(1, [], Ranges(Acme, 3)).Take.Count.ShouldBe(3);
        Of(1, [], Ranges(Acme, 20)).Take.Count.ShouldBe(AtOnce);
        Of(1, Ranges(Acme, 5), Ranges(Globex, 9)).Take.Count.ShouldBe(3);
        Of(1, [], []).ShouldSatisfyAllConditions(s => s.Take.ShouldBeEmpty(), s => s.GiveBack.ShouldBeNull());
    }

    [Fact]
    public void Nodes_take_as_many_as_one_another_and_leave_none()
    {
        Of(2, [], Ranges(Acme, 2)).Take.Count.ShouldBe(1);
        Of(2, [], Ranges(Acme, 3)).Take.Count.ShouldBe(2);
        for (var nodes = 1; nodes <= 5; nodes++)
            for (var total = 1; total <= AtOnce * nodes; total++)
                (Of(nodes, [], Ranges(Acme, total)).Take.Count * nodes).ShouldBeGreaterThanOrEqualTo(total);
    }

    [Fact]
    public void A_node_that_came_later_is_left_its_share_and_then_nothing_moves()
    {
        Of(2, Ranges(Acme, 4), []).GiveBack.ShouldNotBeNull();
        Of(2, Ranges(Acme, 2), [], Acme, Acme).GiveBack.ShouldBeNull();
        Of(2, Ranges(Acme, 2), [], Acme).GiveBack.ShouldBeNull();
    }

    [Fact]
    public void Organizations_take_turns()
    {
        var take = Of(1, [], [.. Ranges(Acme, 8), .. Ranges(Globex, 2, minute: 1), .. Ranges(Hooli, 1, minute: 2)]).Take;
        take.Select(r => r.Organization).ShouldBe([Acme, Globex, Hooli, Acme, Globex, Acme, Acme, Acme]);
        // What it has on other nodes counts.
        Of(1, [], [.. Ranges(Acme, 1), .. Ranges(Globex, 1, minute: 1)], Acme, Acme).Take[0].Organization.ShouldBe(Globex);
    }

    [Fact]
    public void Where_all_places_are_taken_one_is_left_to_whoever_has_fewer_until_nobody_has_two_more()
    {
        Of(1, Ranges(Acme, 8), Ranges(Globex, 2)).GiveBack!.Organization.ShouldBe(Acme);
        Of(1, Ranges(Acme, 8), Ranges(Acme, 2, minute: 1)).GiveBack.ShouldBeNull("nobody else waits");
        Of(1, [.. Ranges(Acme, 5), .. Ranges(Globex, 3)], Ranges(Globex, 2)).GiveBack.ShouldNotBeNull();
        Of(1, [.. Ranges(Acme, 4), .. Ranges(Globex, 4)], Ranges(Globex, 2)).GiveBack.ShouldBeNull();
        Of(1, Ranges(Acme, 7), Ranges(Globex, 2)).ShouldSatisfyAllConditions(s => s.Take.Count.ShouldBe(1), s => s.GiveBack.ShouldBeNull());
    }
}
