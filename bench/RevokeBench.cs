using System.Diagnostics;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>
/// How long a session that one node has ended is still let in by another that knows it: from the moment in which the commit can be seen
/// until the last answer that lets it in. Two nodes with silos in one process, over one PostgreSQL; then the same where they cannot speak
/// to each other and only look.
/// </summary>
static class RevokeBench
{
    const string Email = "liam@acme.example", Password = "correct horse";
    static readonly Origin Web = new(null, "web");

    public static async Task Run(int times)
    {
        await using var server = await BenchServer.Start();
        var told = await Measure(await server.Fresh("told"), clustered: true, times);
        var cut = await Measure(await server.Fresh("cut"), clustered: false, times);
        foreach (var (what, taken) in ((string, double[])[])[("refused elsewhere, told", told), ("refused elsewhere, not told", cut)])
            Figures.Row(what, ("p50 ms", Figures.Median(taken)), ("p99 ms", Figures.Percentile(taken, 0.99)), ("worst ms", taken.Max()));
        // Not told, it is a matter of looking; told, of a message: how much sooner that is, in five parts.
        Figures.Ratio(Figures.InParts(told, cut));
    }

    static async Task<double[]> Measure(string database, bool clustered, int times)
    {
        await using ServiceProvider one = Node(database), other = Node(database);
        if (clustered)
        {
            foreach (var node in (ServiceProvider[])[one, other]) await node.GetRequiredService<SiloHosting>().Begin(new(database));
            while (await one.GetRequiredService<OtherNodes>().Tell(TimeSpan.FromSeconds(1)) != (1, 1)) await Task.Delay(50);
        }
        var (asks, ends) = (other.GetRequiredService<IMediator>(), one.GetRequiredService<IMediator>());
        var account = new AccountId(Guid.CreateVersion7());
        Expect(await ends.Send(new SignUpAccount(account, EmailAddress.Trusted(Email), "Liam", true, null, Web)));
        Expect(await ends.Send(new GivePassword([account], Password)));
        await using var eyes = NpgsqlDataSource.Create(database);
        var taken = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var token = Expect(await ends.Send(new SignIn(Email, Password, "Firefox", Web))).Token;
            // Known to both: the one that ends it looks as well, as a node does on which somebody is signed in.
            for (var known = 0; known < 10; known++)
                foreach (var node in (IMediator[])[asks, ends])
                    if (await node.Send(new AuthenticateSession(token, MayBeKnown: true)) is null)
                        throw new InvalidOperationException("unknown");
            await Task.Delay(Random.Shared.Next(250));
            var committed = Committed(eyes, account);
            var refused = Refused(asks, token);
            await ends.Send(new SignOut(token, Web));
            taken.Add(Math.Max(0, Stopwatch.GetElapsedTime(await committed, await refused).TotalMilliseconds));
        }
        return [.. taken];
    }

    /// <returns>When the look began that first saw it.</returns>
    static async Task<long> Committed(NpgsqlDataSource eyes, AccountId account)
    {
        await using var look = eyes.CreateCommand(
            "select exists (select from security.session where account_id = $1 and ended_at is null)");
        look.Parameters.Add(new() { Value = account.Value });
        while (true)
        {
            var began = Stopwatch.GetTimestamp();
            if (await look.ExecuteScalarAsync() is false) return began;
        }
    }

    /// <returns>When the last question was asked that was let in.</returns>
    static async Task<long> Refused(IMediator asks, string token)
    {
        // Seldom enough to leave the machine to those who are measured.
        for (var last = 0L; ; await Task.Delay(1))
        {
            var began = Stopwatch.GetTimestamp();
            if (await asks.Send(new AuthenticateSession(token, MayBeKnown: true)) is null) return last;
            last = began;
        }
    }

    /// <summary>Hundreds of sign-ins from one address are no part of it.</summary>
    static ServiceProvider Node(string database) => new ServiceCollection().AddLogging()
        .AddSingleton(new DoorSettings { Times = 100_000 }).AddSingleton(new PasswordSettings { Iterations = 10 })
        .AddModules(new ConfigurationBuilder().Build(), database, ownsDatabase: false, demo: false, new("http://localhost:5080"))
        .BuildServiceProvider();

    static T Expect<T>(Outcome<T> outcome) where T : notnull =>
        outcome.Granted ? outcome.Value : throw new InvalidOperationException(outcome.Refusal.Sentence);

    static Done Expect(Done done) => done;
}
