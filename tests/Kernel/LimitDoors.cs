using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>How often somebody may ask at a door (SPEC S10, S11): per network and per target, on all nodes together.</summary>
[Trait("Rule", "S11")]
public sealed class LimitDoors : OnInstallation
{
    static readonly Door Narrow = new("narrow", new(5, TimeSpan.FromMinutes(10)), new(3, TimeSpan.FromMinutes(1)));

    protected override void Add(IServiceCollection services) =>
        services.AddSingleton(new DoorSettings { Patience = TimeSpan.FromSeconds(30) });

    Task<TooManyRequests?> Ask(string? address, string? target, TestInstallation? node = null, Door? door = null) =>
        (node ?? Here).Services.GetRequiredService<ILimiter>()
            .Enter(door ?? Narrow, new Origin(null, "web", address), target, CancellationToken.None);

    [Fact]
    public async Task A_network_has_so_many_at_once_and_as_many_again_in_the_time()
    {
        Here.Clock.Stand();
        for (var i = 0; i < 5; i++) (await Ask("192.0.2.1", $"a{i}")).ShouldBeNull($"number {i}");
        (await Ask("192.0.2.1", "b"))!.Seconds.ShouldBe(120);
        (await Ask("192.0.2.2", "b")).ShouldBeNull("another network is not concerned");
        Here.Clock.Pass(TimeSpan.FromSeconds(119));
        (await Ask("192.0.2.1", "b"))!.Seconds.ShouldBe(1);
        Here.Clock.Pass(TimeSpan.FromSeconds(1));
        (await Ask("192.0.2.1", "b")).ShouldBeNull("it says rightly when");
        (await Ask("192.0.2.1", "b")).ShouldNotBeNull();
        Here.Clock.Pass(TimeSpan.FromMinutes(10));
        for (var i = 0; i < 5; i++) (await Ask("192.0.2.1", $"c{i}")).ShouldBeNull();
    }

    [Fact]
    public async Task A_target_is_closed_to_everybody_for_seconds_and_a_closed_network_costs_it_nothing()
    {
        Here.Clock.Stand();
        for (var i = 0; i < 3; i++) (await Ask($"192.0.2.{i}", "liam@acme.example")).ShouldBeNull();
        (await Ask("192.0.2.9", " Liam@ACME.example"))!.Seconds.ShouldBe(20);
        (await Ask("192.0.2.9", "nora@acme.example")).ShouldBeNull();
        for (var i = 0; i < 9; i++) await Ask("198.51.100.1", "elsewhere@acme.example");
        Here.Clock.Pass(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 30; i++) (await Ask("198.51.100.1", "liam@acme.example")).ShouldNotBeNull();
        for (var i = 0; i < 3; i++)
            (await Ask($"192.0.2.{i + 20}", "liam@acme.example")).ShouldBeNull("a network that was turned away took nothing from it");
    }

    [Fact]
    public async Task A_burst_is_counted_to_the_last()
    {
        Here.Clock.Stand();
        var burst = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Ask("192.0.2.1", $"t{i}")));
        burst.Count(b => b is null).ShouldBe(5);
        burst = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Ask($"198.51.100.{i}", "one")));
        burst.Count(b => b is null).ShouldBe(3);
    }

    [Theory, Trait("Rule", "S10")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.7", "::ffff:192.0.2.8", false)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    public async Task IPv6_is_counted_by_64_bits_and_IPv4_in_its_dress_as_IPv4(string one, string other, bool same)
    {
        Here.Clock.Stand();
        for (var i = 0; i < 5; i++) await Ask(one, null);
        (await Ask(other, null) is not null).ShouldBe(same);
    }

    [Fact]
    public void A_count_that_a_wrong_clock_has_written_closes_no_door_for_longer_than_a_step()
    {
        var (rate, now) = (Rate.Of(Narrow.Network), TimeSpan.FromDays(1).Ticks);
        var (granted, rest) = rate.Take(now + TimeSpan.FromHours(9).Ticks, 1, 0, now);
        granted.ShouldBe(0);
        rate.Wait(rest, now).ShouldBe(TimeSpan.FromMinutes(2));
        rate.Take(rest, 1, 0, now + TimeSpan.FromMinutes(2).Ticks).Granted.ShouldBe(1);
    }

    [Fact]
    public void A_flood_of_keys_pushes_out_those_that_hold_back_least()
    {
        var (counts, guessed, now) = (new Counts<OwnCount>(100), Guid.NewGuid(), 1_000L);
        counts.Of(guessed, now).Rest = now + 600;
        for (var i = 0; i < 10_000; i++)
        {
            counts.Of(Guid.NewGuid(), now).Rest = now + 1 + (i % 500);
            counts.Number.ShouldBeLessThanOrEqualTo(100);
        }
        counts.Known(guessed).ShouldNotBeNull().Rest.ShouldBe(now + 600);
    }
}
