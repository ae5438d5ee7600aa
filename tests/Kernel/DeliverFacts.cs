using System.Collections.Concurrent;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>The outbox on a real PostgreSQL.</summary>
public sealed class DeliverFacts : OnInstallation
{
    /// <summary>How many accounts at once, and how often each is claimed and let go.</summary>
    static readonly int Ids = Proof.Size(8, 20), Pairs = Proof.Size(4, 5);

    readonly Listener _listener = new();

    protected override void Add(IServiceCollection services) => services
        .AddSingleton<INotificationHandler<AccountClaimed>>(_listener).AddSingleton<INotificationHandler<AccountUnclaimed>>(_listener)
        .AddSingleton<INotificationHandler<AccountSignedUp>>(_listener);

    [Fact]
    public async Task Facts_come_after_the_commit_and_in_order_per_id()
    {
        var org = await Here.Organization("acme");
        var ids = await Task.WhenAll(Enumerable.Range(0, Ids).Select(i => Here.Account($"p{i}@acme.example")));
        await Here.StartBackground();
        await Task.WhenAll(ids.Select(id => Turns(Here, id, org)));
        await Here.Quiet();
        foreach (var id in ids)
            _listener.Heard(id)
                .ShouldBe(["AccountSignedUp", .. Enumerable.Range(0, 2 * Pairs)
                    .Select(i => i % 2 == 0 ? "AccountClaimed" : "AccountUnclaimed")]);
    }

    [Fact]
    public async Task Two_nodes_deliver_in_order_and_one_goes_on_when_the_other_stops()
    {
        var org = await Here.Organization("acme");
        var ids = await Task.WhenAll(Enumerable.Range(0, Ids).Select(i => Here.Account($"p{i}@acme.example")));
        var node = Here.AnotherNode(Add);
        await node.StartBackground();
        await Here.StartBackground();
        var turns = Task.WhenAll(ids.Select((id, i) => Turns(i % 2 == 0 ? Here : node, id, org)));
        await turns;
        await node.DisposeAsync();
        await Here.Grant(new ClaimAccount(ids[0], org, "acme.example", true, TestInstallation.Console));
        await Here.Quiet();
        foreach (var id in ids.Skip(1))
            Unrepeated(_listener.Heard(id))
                .ShouldBe(["AccountSignedUp", .. Enumerable.Range(0, 2 * Pairs)
                    .Select(i => i % 2 == 0 ? "AccountClaimed" : "AccountUnclaimed")]);
        _listener.Heard(ids[0])[^1].ShouldBe("AccountClaimed");

        // At least once: the node that was stopped may have delivered facts that it could not cross off.
        static string[] Unrepeated(string[] heard) => [.. heard.Where((name, i) => i == 0 || heard[i - 1] != name)];
    }

    [Fact]
    public async Task A_listener_that_throws_holds_back_its_own_id_only_and_hears_the_fact_again()
    {
        var org = await Here.Organization("acme");
        var (bad, good) = (await Here.Account("bad@acme.example"), await Here.Account("good@acme.example"));
        _listener.Throw = fact => fact is AccountClaimed && fact.Account == bad;
        foreach (var id in (AccountId[])[bad, good])
        {
            await Here.Grant(new ClaimAccount(id, org, "acme.example", true, TestInstallation.Console));
            await Here.Grant(new UnclaimAccount(id, org, true, TestInstallation.Console));
        }
        await Here.Until(() => Task.FromResult(_listener.Heard(good).Length == 3));
        Here.Clock.Pass(TimeSpan.FromMinutes(5));
        await Here.Until(() => Task.FromResult(_listener.Thrown >= 2));
        _listener.Heard(bad).ShouldBe(["AccountSignedUp"]);
        (await Here.Scalar<string>("select failure from kernel.outbox where next_at is not null")).ShouldBe("not today");
        _listener.Throw = _ => false;
        Here.Clock.Pass(TimeSpan.FromMinutes(5));
        await Here.Quiet();
        _listener.Heard(bad).ShouldBe(["AccountSignedUp", "AccountClaimed", "AccountUnclaimed"]);
    }

    [Fact]
    public async Task A_turn_that_rolled_back_tells_nobody()
    {
        await Here.Account("liam@acme.example");
        (await Here.Refuse(new SignUpAccount(new(Guid.CreateVersion7()), EmailAddress.Trusted("liam@acme.example"), "L", true, null,
            TestInstallation.Console))).ShouldBe(new EmailTaken());
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var batch = new NpgsqlBatch(connection,
                transaction)
            {
                BatchCommands = { Outbox.Insert([(Guid.NewGuid(), new AccountSignedUp(new(Guid.NewGuid()), default, "x", "x", true, null))],
                    DateTimeOffset.UtcNow) }
            };
            await batch.ExecuteNonQueryAsync();
            await transaction.RollbackAsync();
        }
        await Here.Quiet();
        _listener.All.ShouldBe(1);
    }

    [Fact]
    public async Task A_fact_that_nobody_knows_any_more_holds_back_nobody_else()
    {
        await Here.Scalar<int>(
            "insert into kernel.outbox (stream, type, payload, at) values (gen_random_uuid(), 'NoLongerKnown', '{}', now()) returning 1");
        var liam = await Here.Account("liam@acme.example");
        await Here.Until(() => Task.FromResult(_listener.Heard(liam).Length == 1));
    }

    static async Task Turns(TestInstallation node, AccountId id, OrganizationId org)
    {
        for (var i = 0; i < Pairs; i++)
        {
            await node.Grant(new ClaimAccount(id, org, "acme.example", true, TestInstallation.Console));
            await node.Grant(new UnclaimAccount(id, org, true, TestInstallation.Console));
        }
    }

    sealed class Listener : INotificationHandler<AccountClaimed>, INotificationHandler<AccountUnclaimed>,
    INotificationHandler<AccountSignedUp>
    {
        readonly ConcurrentDictionary<AccountId, ConcurrentQueue<string>> _heard = new();
        int _thrown;

        public Func<AccountFact, bool> Throw { get; set; } = _ => false;
        public int Thrown => _thrown;
        public int All => _heard.Values.Sum(q => q.Count);
        public string[] Heard(AccountId id) => _heard.TryGetValue(id, out var facts) ? [.. facts] : [];

        public Task Handle(AccountClaimed fact, CancellationToken ct) => Hear(fact);
        public Task Handle(AccountUnclaimed fact, CancellationToken ct) => Hear(fact);
        public Task Handle(AccountSignedUp fact, CancellationToken ct) => Hear(fact);

        Task Hear(AccountFact fact)
        {
            if (Throw(fact))
            {
                Interlocked.Increment(ref _thrown);
                throw new InvalidOperationException("not today");
            }
            _heard.GetOrAdd(fact.Account, _ => new()).Enqueue(fact.GetType().Name);
            return Task.CompletedTask;
        }
    }
}
