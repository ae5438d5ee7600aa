using DirectoryPlatform.Kernel.Clocks;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Time passes in a demo when somebody says so, and nowhere else.</summary>
[Trait("Rule", "R9")]
public sealed class MoveTheClock : OnInstallation
{
    [Fact]
    public async Task The_clock_goes_forward_and_what_is_done_again_and_again_is_due()
    {
        var database = Here.Services.GetRequiredService<NpgsqlDataSource>();
        var clock = new InstallationClock(database, TimeProvider.System);
        var (demo, real) = (new ClockHandlers(database, clock, new(Moves: true)), new ClockHandlers(database, clock, new(Moves: false)));
        await Here.Scalar<int>("""
            insert into kernel.recurring (name, next_at) values ('something', clock_timestamp() + interval '1 day') returning 1
            """);
        var before = clock.GetUtcNow();

        (await demo.Handle(new MoveClock(TimeSpan.FromDays(7)), default)).Granted.ShouldBeTrue();
        (clock.GetUtcNow() - before).ShouldBe(TimeSpan.FromDays(7), TimeSpan.FromSeconds(30));
        (await demo.Handle(new ReadClock(), default)).Ahead.ShouldBe(TimeSpan.FromDays(7));
        (await Here.Scalar<long>("select count(*) from kernel.recurring where next_at > clock_timestamp()")).ShouldBe(0);

        (await demo.Handle(new MoveClock(TimeSpan.FromDays(-1)), default)).Refusal.ShouldBeOfType<InvalidValue>();
        (await demo.Handle(new MoveClock(null), default)).Refusal.ShouldBeOfType<InvalidValue>();
        (await real.Handle(new MoveClock(TimeSpan.FromDays(1)), default)).Refusal.ShouldBeOfType<ClockIsReal>();
        (await demo.Handle(new ReadClock(), default)).Ahead.ShouldBe(TimeSpan.FromDays(7), "never back, and in no other steps");
    }
}
