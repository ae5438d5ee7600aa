using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Kernel.Clocks;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.SigningIn;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>All nodes go by one clock, the database's, whatever their machines believe.</summary>
[Trait("Rule", "R2")]
public sealed class KeepTime : OnInstallation
{
    /// <summary>A machine whose clock somebody sets; how much time passes it knows all the same.</summary>
    sealed class Machine(TimeSpan ahead) : TimeProvider
    {
        public TimeSpan Ahead { get; set; } = ahead;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }

    TestInstallation On(Machine machine) => Here.AnotherNode(services => services.AddSingleton<TimeProvider>(all =>
        new InstallationClock(all.GetRequiredService<NpgsqlDataSource>(), machine)));

    static InstallationClock ClockOf(TestInstallation node) => (InstallationClock)node.Services.GetRequiredService<TimeProvider>();

    async Task ShouldBeRight(TimeProvider clock, TimeSpan ahead = default)
    {
        var database = new DateTimeOffset(await Here.Scalar<DateTime>("select clock_timestamp()"));
        // The machine may be busy, so there is room between the two looks; an hour is none of it.
        (clock.GetUtcNow() - database - ahead).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Nodes_whose_machines_are_hours_apart_agree()
    {
        await using TestInstallation late = On(new(TimeSpan.FromHours(-1))), early = On(new(TimeSpan.FromHours(1)));
        await ShouldBeRight(ClockOf(late));
        await ShouldBeRight(ClockOf(early));
        ClockOf(early).Off!.Value.ShouldBeInRange(TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }

    [Fact, Trait("Rule", "S1")]
    public async Task Wrong_passwords_at_a_node_an_hour_ahead_close_the_account_at_the_others_for_seconds()
    {
        await using TestInstallation early = On(new(TimeSpan.FromHours(1))), right = On(new(TimeSpan.Zero));
        var id = await Here.Account("liam@acme.example");
        await Here.Grant(new GivePassword([id], "violet lantern orbit"));
        var origin = ByNobody with { Means = "web", Address = "192.0.2.9" };
        TooManyAttempts? paused = null;
        for (var i = 0; i < 12 && paused is null; i++)
            paused = await early.Refuse(new SignIn("liam@acme.example", $"wrong {i}", "Firefox", origin)) as TooManyAttempts;
        paused.ShouldNotBeNull();
        var outcome = await right.Send(new SignIn("liam@acme.example", "violet lantern orbit", "Firefox", origin));
        // By the machine's clock it was an hour.
        if (!outcome.Granted) outcome.Refusal.ShouldBeOfType<TooManyAttempts>().Seconds.ShouldBeLessThanOrEqualTo(30);
    }

    [Fact]
    public async Task A_machine_whose_clock_is_set_does_not_move_the_nodes_time()
    {
        var machine = new Machine(TimeSpan.Zero);
        await using var node = On(machine);
        var clock = ClockOf(node);
        await ShouldBeRight(clock);
        foreach (var hours in (int[])[5, -5, 0])
        {
            machine.Ahead = TimeSpan.FromHours(hours);
            await ShouldBeRight(clock);
            await clock.Measure(CancellationToken.None);
            await ShouldBeRight(clock);
            (clock.Off!.Value - machine.Ahead).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public async Task Time_does_not_tremble_with_each_measurement()
    {
        await using var node = On(new(TimeSpan.Zero));
        var clock = ClockOf(node);
        var back = 0;
        for (var (i, last) = (0, clock.GetUtcNow()); i < 50; i++)
        {
            await clock.Measure(CancellationToken.None);
            var now = clock.GetUtcNow();
            if (now < last) back++;
            last = now;
        }
        // A first measurement on a busy machine may say little, and a better one put it right; what trembles goes back every other time.
        back.ShouldBeLessThan(5);
    }

    [Fact]
    public async Task The_stored_offset_moves_all_nodes()
    {
        await using TestInstallation one = On(new(TimeSpan.Zero)), other = On(new(TimeSpan.FromHours(1)));
        await ShouldBeRight(ClockOf(one));
        await Here.Scalar<int>("update kernel.clock set ahead = interval '3 days'");
        foreach (var clock in new[] { ClockOf(one), ClockOf(other) })
        {
            await clock.Measure(CancellationToken.None);
            await ShouldBeRight(clock, TimeSpan.FromDays(3));
        }
        // What was added on purpose is no fault of the machine.
        ClockOf(one).Off!.Value.Duration().ShouldBeLessThan(TimeSpan.FromSeconds(4));
    }

    [Fact, Trait("Rule", "R6")]
    public async Task A_node_whose_machine_is_off_by_more_than_five_seconds_is_not_ready_and_says_why()
    {
        var machine = new Machine(TimeSpan.Zero);
        await using var node = On(machine);
        var clock = ClockOf(node);
        var keeper = new ClockKeeper(clock, new(NullLogger<Outage>.Instance), NullLogger<ClockKeeper>.Instance);
        await keeper.Look(CancellationToken.None);
        (await Ready()).ShouldBe("Healthy");
        machine.Ahead = TimeSpan.FromSeconds(-40);
        await keeper.Look(CancellationToken.None);
        (await Ready()).ShouldMatch(@"^Unhealthy\nThis machine's clock is [34]\d\.\d s behind the database's\.$");
        machine.Ahead = TimeSpan.FromSeconds(1);
        await keeper.Look(CancellationToken.None);
        (await Ready()).ShouldBe("Healthy");

        async Task<string> Ready()
        {
            var result = await new ClockAgrees(clock).CheckHealthAsync(new());
            var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
            await ReadyAnswer.Write(http, new(new Dictionary<string, HealthReportEntry>
            {
                ["clock"] = new(result.Status, result.Description, TimeSpan.Zero, null, null),
            }, TimeSpan.Zero));
            return System.Text.Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
        }
    }

    [Fact]
    public async Task The_product_goes_by_it()
    {
        await using var product = new ServiceCollection().AddLogging().AddModules(
            new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), Here.ConnectionString, ownsDatabase: false, demo: false,
            new("http://localhost")).BuildServiceProvider();
        product.GetRequiredService<TimeProvider>().ShouldBeOfType<InstallationClock>();
        await ShouldBeRight(product.GetRequiredService<TimeProvider>());
    }
}
