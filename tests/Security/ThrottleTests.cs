using System.Diagnostics;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Guessing passwords in bursts, from many places, and by the clock (SPEC S1).</summary>
[Trait("Rule", "S1")]
[Collection(Alone.Name)]
public sealed class ThrottleTests : OnInstallation
{
    const string Password = "violet lantern orbit", Email = "liam@acme.example";

    Task<Outcome<SignedIn>> Try(string password, string? address, string email = Email, TestInstallation? node = null) =>
        (node ?? Here).Send(new SignIn(email, password, "Firefox", new Origin(null, "web", address)));

    async Task<AccountId> Person()
    {
        var id = await Here.Account(Email);
        await Here.Grant(new GivePassword([id], Password));
        return id;
    }

    [Fact]
    public async Task A_burst_on_two_nodes_gets_no_further_than_the_same_guesses_one_by_one()
    {
        Here.Clock.Stand();
        await Person();
        await using var node = Here.AnotherNode();
        // An account that does not exist is guarded alike.
        foreach (var (email, first) in ((string, int)[])[(Email, 0), ("nobody@acme.example", 100)])
        {
            var watch = Stopwatch.StartNew();
            var burst = await Task.WhenAll(Enumerable.Range(0, 60)
                .Select(i => Try($"guess {i}", $"192.0.2.{first + i}", email, i % 2 == 0 ? Here : node)));
            burst.Count(o => o.Refusal is WrongCredentials).ShouldBeInRange(6, MostIn(watch.Elapsed));
            burst.Where(o => o.Refusal is not WrongCredentials).ShouldAllBe(o => o.Refusal is TooManyAttempts);
        }
    }

    /// <summary>Five free tries and the one that begins the first pause; then one more after 1, 3, 7, 15 … seconds.</summary>
    internal static int MostIn(TimeSpan time) => 6 + (int)Math.Log2(time.TotalSeconds + 1);

    [Fact]
    public async Task Right_tries_are_given_back()
    {
        Here.Clock.Stand();
        await Person();
        for (var i = 0; i < 70; i++) (await Try(Password, "192.0.2.1")).Granted.ShouldBeTrue($"number {i}");
        (await Here.Scalar<long>("select coalesce(max(failures), 0) from security.sign_in_throttle")).ShouldBe(0);
    }

    [Fact]
    public async Task Looking_for_providers_is_bounded_by_itself_and_uses_up_no_passwords()
    {
        Here.Clock.Stand();
        await Person();
        var found = new List<Refusal?>();
        for (var i = 0; i < 60; i++)
            found.Add((await Here.Send(new FindProvider($"person{i}@mail.example", new Origin(null, "web", "192.0.2.1")))).Refusal);
        found.Take(50).ShouldAllBe(r => r is NoSingleSignOn);
        found[^1].ShouldBeOfType<TooManyAttempts>();
        (await Try(Password, "192.0.2.1")).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stranger_who_never_stops_keeps_nobody_out_of_the_own_account()
    {
        Here.Clock.Stand();
        await Person();
        (await Try(Password, "198.51.100.9")).Granted.ShouldBeTrue();
        // From ever new addresses, at every moment at which the account is open, until the pause is as long as it gets.
        for (var i = 0; i < 200; i++)
        {
            if ((await Try("guess", $"203.0.113.{i}")).Refusal is not TooManyAttempts pause) continue;
            if (pause.Seconds >= 25) break;
            Here.Clock.Pass(TimeSpan.FromSeconds(pause.Seconds));
        }
        (await Try(Password, "203.0.113.200")).Refusal
            .ShouldBeOfType<TooManyAttempts>("an address that the account has never seen shares the pause");
        (await Try(Password, "198.51.100.9")).Granted.ShouldBeTrue("the own one does not");
        Here.Clock.Pass(TimeSpan.FromSeconds(31));
        (await Try(Password, "203.0.113.200")).Granted.ShouldBeTrue("and nowhere is it for good");
    }

    [Fact]
    public async Task The_time_of_an_answer_does_not_tell_whether_there_is_an_account()
    {
        using var alone = await Proof.Alone();
        // Hashes at their real cost: without it there would be nothing to tell.
        await using var real = Here.AnotherNode(services => services.AddSingleton(new PasswordSettings()));
        await real.Grant(new GivePassword([await Here.Account(Email)], Password));
        // From before the cost was raised.
        await Here.Grant(new GivePassword([await Here.Account("early@acme.example")], Password));
        Func<int, string>[] emails = [_ => Email, _ => "early@acme.example", i => $"nobody{i}@acme.example", i => $"no address {i}"];
        var (taken, rounds) = (emails.Select(_ => new List<double>()).ToArray(), Proof.Size(11, 31));
        // In turns, so that a machine that changes its speed changes all of them; the first round warms up.
        for (var i = 0; i <= rounds; i++)
            for (var kind = 0; kind < emails.Length; kind++)
            {
                var watch = Stopwatch.StartNew();
                (await Try("wrong", null, emails[kind](i), real)).Refusal.ShouldBe(new WrongCredentials());
                if (i > 0) taken[kind].Add(watch.Elapsed.TotalMilliseconds);
                Here.Clock.Pass(TimeSpan.FromHours(2));
            }
        double Median(int kind) => taken[kind].Order().ElementAt(rounds / 2);
        for (var kind = 1; kind < emails.Length; kind++) (Median(0) / Median(kind)).ShouldBeInRange(0.6, 1.7, emails[kind](0));
    }
}
