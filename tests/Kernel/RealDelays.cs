using DirectoryPlatform.Domains.Internal.Dns;
using DirectoryPlatform.Domains.Internal.Https;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Kernel.Clocks;
using DirectoryPlatform.Kernel.Health;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Security.Internal.SigningIn;
using DirectoryPlatform.Webhooks;
using DirectoryPlatform.Webhooks.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static System.Buffers.Binary.BinaryPrimitives;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>
/// What an installation does that says nothing: delays, intervals and the cost of a password, which tests make small where they are not
/// what is tested. Nobody changes one of these unseen.
/// </summary>
[Trait("Rule", "R2"), Trait("Rule", "S1")]
public sealed class RealDelays
{
    const string NoDatabase = "Host=localhost;Port=1";

    /// <summary>As the host composes it: nothing is registered before, and nothing is asked of the database.</summary>
    static ServiceProvider Product(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();
        return new ServiceCollection().AddLogging()
            .AddModules(configuration, NoDatabase, ownsDatabase: false, demo: false, new("http://localhost")).BuildServiceProvider();
    }

    [Fact]
    public async Task Are_those_that_are_documented()
    {
        await using var product = Product();
        product.GetRequiredService<BackgroundSettings>().ShouldBe(new()
        {
            OutboxIdle = TimeSpan.FromMilliseconds(500),
            MailIdle = TimeSpan.FromSeconds(2),
            SealingIdle = TimeSpan.FromSeconds(1),
            KeeperIdle = TimeSpan.FromSeconds(1),
            CheckIn = TimeSpan.FromSeconds(1),
            CheckInLate = TimeSpan.FromSeconds(2),
            ChunkSilence = TimeSpan.FromSeconds(15),
            MostAtOnce = int.MaxValue,
        });
        product.GetRequiredService<StalledWorkSettings>()
            .ShouldBe(new() { After = TimeSpan.FromMinutes(2), Every = TimeSpan.FromSeconds(5) });
        product.GetRequiredService<WebhookSettings>()
            .ShouldBe(new() { Idle = TimeSpan.FromSeconds(1), Lease = TimeSpan.FromSeconds(70) });
        var (https, dns) = (product.GetRequiredService<HttpsSettings>(), product.GetRequiredService<DnsSettings>());
        (https.ConnectTimeout, https.TotalTimeout).ShouldBe((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)));
        (dns.Timeout, dns.Attempts).ShouldBe((TimeSpan.FromSeconds(2), 2));
        InstallationClock.MostOff.ShouldBe(TimeSpan.FromSeconds(5));
        (SmtpConnection.TimeoutMilliseconds, MailSending.WithoutServer, MailSending.MaxAttempts)
            .ShouldBe((30_000, TimeSpan.FromSeconds(30), 12));
    }

    [Fact]
    public async Task Recurring_work_is_done_as_often_as_it_says()
    {
        await using var product = Product();
        product.GetServices<IRecurring>().Select(r => $"{r.Name}: {r.Every}").Order(StringComparer.Ordinal).ShouldBe(
        [
            "check due domains: 00:00:15",
            "delete expired exports: 00:10:00",
            "drop the former scheduler's tables: 01:00:00",
            "end stuck sessions: 00:00:05",
            "erase due deletions: 00:01:00",
            "forget addresses that were left: 01:00:00",
            "forget bulk drafts: 01:00:00",
            "forget counts at the doors: 00:10:00",
            "forget old mail: 06:00:00",
            "forget old provisioning notes: 00:10:00",
            "forget old sign-in failures: 01:00:00",
            "forget old webhook deliveries: 01:00:00",
            "forget revocations: 00:01:00",
            "give back people of removed directories: 00:00:10",
            "release accounts that no provider came back for: 01:00:00",
            "remove old credentials: 01:00:00",
            "remove passwords of nobody: 1.00:00:00",
            "renew name keys: 00:01:00",
            "warn of expiring API keys: 00:15:00",
        ]);
    }

    /// <summary>Tests multiply them, because everybody there comes from one address.</summary>
    [Fact]
    public async Task Doors_are_as_wide_as_they_say()
    {
        await using var product = Product();
        product.GetRequiredService<DoorSettings>().ShouldBe(new() { Times = 1 });
        Doors.All.Select(d => $"{d.Name}: {Said(d.Network)}; {(d.Target is { } target ? Said(target) : "no target")}").ShouldBe(
        [
            "sign-in: 300 in 00:10:00; 100 in 00:10:00",
            "sign-up: 30 in 01:00:00; 5 in 01:00:00",
            "forgotten-password: 20 in 00:10:00; 10 in 00:05:00",
            "reset-link: 60 in 00:10:00; 10 in 00:10:00",
            "verification-link: 60 in 00:10:00; 10 in 00:10:00",
            "email-change-link: 60 in 00:10:00; 10 in 00:10:00",
            "invitation: 200 in 00:10:00; 10 in 00:10:00",
            "provider-look-up: 300 in 00:10:00; 30 in 00:10:00",
            "provider: 600 in 00:10:00; no target",
            "setup-code: 10 in 00:10:00; 20 in 00:10:00",
            "api-reference: 60 in 00:01:00; no target",
            "password-strength: 300 in 00:01:00; no target",
            "device-code: 30 in 00:10:00; no target",
        ]);
        Throttle.MostInARow.ShouldBe(100);
        (SharedCounts.Patience, SharedCounts.Slices, SharedCounts.Most).ShouldBe((TimeSpan.FromMilliseconds(100), 16, 20_000));
        (CountGrain.Worth, CountGrain.Most).ShouldBe((TimeSpan.FromSeconds(10), 4_096));
        await using var wide = Product(("Doors:Times", "2.5"));
        wide.GetRequiredService<DoorSettings>().Times.ShouldBe(2.5);

        static string Said(Pace pace) => $"{pace.AtOnce} in {pace.Per}";
    }

    /// <summary>A node looks every second, and what it holds is others' two to three seconds after its death.</summary>
    [Fact]
    public async Task The_keepers_go_by_them()
    {
        await Go(1_000, 3_000);
        await Go(250, 750, ("Background:CheckInMilliseconds", "250"), ("Background:CheckInLateMilliseconds", "500"));
        // Who rarely says that it lives looks for work all the same.
        await Go(1_000, 62_000, ("Background:CheckInMilliseconds", "60000"));
        JobKeeper.AtOnce.ShouldBe(8);

        static async Task Go(int beat, int lease, params (string, string)[] settings)
        {
            await using var product = Product(settings);
            var times = product.GetRequiredService<BackgroundSettings>();
            (times.Beat.TotalMilliseconds, times.Lease.TotalMilliseconds).ShouldBe((beat, lease));
        }
    }

    [Theory]
    [InlineData("Background:CheckInMilliseconds", "0"), InlineData("Background:CheckInMilliseconds", "soon")]
    [InlineData("Background:CheckInLateMilliseconds", "60001")]
    [InlineData("Doors:Times", "0"), InlineData("Doors:Times", "many")]
    [InlineData("Background:MostAtOnce", "0"), InlineData("Background:MostAtOnce", "-5")]
    public void A_setting_that_makes_no_sense_is_named(string name, string value) =>
        Should.Throw<InvalidOperationException>(() => Product((name, value))).Message.ShouldStartWith($"{name} is \"{value}\"");

    /// <summary>No setting of an installation reaches it: the type is the module's own, and nothing is read.</summary>
    [Fact]
    public async Task A_password_costs_as_many_iterations_as_OWASP_asks_for_whatever_an_installation_sets()
    {
        await using var product = Product(("Passwords:Iterations", "1"), ("PasswordSettings:Iterations", "1"), ("Iterations", "1"));
        var hashing = product.GetRequiredService<PasswordHashing>();
        var hash = await hashing.Hash("violet lantern orbit", CancellationToken.None);
        var bytes = Convert.FromBase64String(hash);
        // ASP.NET Core's format 3: version, algorithm (2: HMAC-SHA-512), iterations, length of the salt, each big-endian but the first.
        (bytes[0], ReadInt32BigEndian(bytes.AsSpan(1)), ReadInt32BigEndian(bytes.AsSpan(5))).ShouldBe(((byte)1, 2, 210_000));
        PasswordHashing.IterationsOf(hash).ShouldBe(210_000);
        using var seat = hashing.Enter(HashLane.SignIn).Value;
        typeof(PasswordSettings).IsPublic.ShouldBeFalse();
        (await hashing.IsRight(hash, "violet lantern orbit", seat, CancellationToken.None)).ShouldBeTrue();
        (await hashing.IsRight(hash, "violet lantern orbits", seat, CancellationToken.None)).ShouldBeFalse();
        (await hashing.IsRight(null, "violet lantern orbit", seat, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_hash_of_fewer_iterations_stays_good()
    {
        var (cheap, dear) = (new PasswordHashing(new() { Iterations = 10 }), new PasswordHashing(new() { Iterations = 1_000 }));
        var old = await cheap.Hash("violet lantern orbit", CancellationToken.None);
        PasswordHashing.IterationsOf(old).ShouldBe(10);
        using var seat = dear.Enter(HashLane.SignIn).Value;
        (await dear.IsRight(old, "violet lantern orbit", seat, CancellationToken.None)).ShouldBeTrue();
        (await dear.IsRight(old, "wrong", seat, CancellationToken.None)).ShouldBeFalse();
    }
}
