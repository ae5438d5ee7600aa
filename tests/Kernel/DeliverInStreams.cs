using System.Collections.Concurrent;
using System.Diagnostics;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Facts of many ids in many streams: who delivers them, together with which, and after which (decision 0057).</summary>
[Trait("Rule", "R2")]
public sealed class DeliverInStreams : OnInstallation
{
    const int Stream = 3;
    static readonly OrganizationId Acme = new(new("01900000-0000-7000-8000-0000000000aa"));
    readonly Listener _listener = new();

    protected override void Add(IServiceCollection services) => Listener.Add(services, _listener);

    static Guid IdIn(int stream)
    {
        var bytes = Guid.NewGuid().ToByteArray();
        bytes[15] = (byte)(bytes[15] & ~(DeliveryStreams.Count - 1) | stream);
        return new(bytes);
    }

    static Fact One(Guid id, int at) => new AccountReactivated(new(id), DateTimeOffset.UnixEpoch.AddSeconds(at), Acme);

    static Fact Many(Guid job, int at, params Guid[] ids) =>
        (AccountReactivated)One(ids[0], at) with { Together = [.. ids.Select(id => new AccountId(id))], Job = new(job) };

    static async Task Publish(TestInstallation here, params (Guid, Fact)[] facts)
    {
        await using var batch = here.Services.GetRequiredService<NpgsqlDataSource>().CreateBatch();
        batch.BatchCommands.Add(Outbox.Insert(facts, DateTimeOffset.UtcNow));
        await batch.ExecuteNonQueryAsync();
    }

    Task<long> Left() => Here.Scalar<long>("select count(*) from kernel.outbox");

    [Fact]
    public async Task The_database_and_the_program_number_the_streams_alike()
    {
        var ids = Enumerable.Range(0, 50).Select(i => IdIn(i % DeliveryStreams.Count)).ToList();
        await Publish(Here, [.. ids.Select(id => (id, One(id, 1))), (ids[0], Many(ids[0], 1, ids[1]))]);
        foreach (var (stream, no) in await Here.Rows<(Guid, short?)>(
            "select stream, delivery_stream from kernel.outbox order by seq limit 50"))
            no.ShouldBe((short)DeliveryStreams.Of(stream));
        (await Here.Scalar<long>("select count(*) from kernel.outbox where delivery_stream is null")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_takes_many_hears_different_ids_together_and_each_id_in_order()
    {
        var ids = Enumerable.Range(0, 20).Select(_ => IdIn(Stream)).ToList();
        await Publish(Here, [.. ids.Select(id => (id, One(id, 1))), .. ids.Select(id => (id, One(id, 2)))]);
        await Here.Quiet();
        _listener.Lists.ShouldBe([20, 20]);
        foreach (var id in ids) _listener.Heard(id).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Who_throws_on_one_of_many_holds_back_that_id_alone()
    {
        var ids = Enumerable.Range(0, 5).Select(_ => IdIn(Stream)).ToList();
        _listener.Throws = (id, _) => id == ids[2];
        await Publish(Here, [.. ids.Select(id => (id, One(id, 1))), .. ids.Select(id => (id, One(id, 2)))]);
        await Here.Until(async () => await Left() == 2);
        foreach (var id in ids.Where(id => id != ids[2])) _listener.Heard(id).Distinct().ShouldBe([1, 2]);
        _listener.Heard(ids[2]).ShouldBeEmpty();
        (await Here.Scalar<string>("select failure from kernel.outbox where next_at is not null")).ShouldBe("not today");
        _listener.Throws = (_, _) => false;
        Here.Clock.Pass(TimeSpan.FromMinutes(5));
        await Here.Quiet();
        _listener.Heard(ids[2]).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_fact_of_many_keeps_its_place_among_the_facts_of_each_of_them_and_of_its_job()
    {
        var ids = Enumerable.Range(0, 3 * DeliveryStreams.Count).Select(i => IdIn(i % DeliveryStreams.Count)).ToArray();
        var (job, other) = (IdIn(5), IdIn(1));
        await Publish(Here, [.. ids.Select(id => (id, One(id, 1))), (job, Many(job, 2, ids)), (job, Many(job, 3, ids[1])),
            .. ids.Select(id => (id, One(id, 4))), (other, One(other, 1)),
            (job, new JobEnded(new(job), Acme.Value, "x", JobState.Done, null))]);
        _listener.Throws = (id, at) => id == ids[1] && at == 2;
        await Here.Until(() => Task.FromResult(_listener.Heard(other).Length == 1));
        await Here.WorkNow();
        // Whoever is told together with it waits; the job's end waits for all of it.
        _listener.Heard(ids[1]).ShouldBe([1]);
        _listener.Heard(job).ShouldBeEmpty();
        _listener.Throws = (_, _) => false;
        Here.Clock.Pass(TimeSpan.FromMinutes(5));
        await Here.Quiet();
        foreach (var id in ids) _listener.Heard(id).Distinct().ShouldBe(id == ids[1] ? [1, 2, 3, 4] : [1, 2, 4]);
        _listener.Heard(job).ShouldBe([0]);
    }

    [Fact]
    public async Task What_waits_for_a_fact_of_many_holds_back_only_what_comes_after_it()
    {
        var (a, b, job) = (IdIn(Stream), IdIn(Stream), IdIn(Stream));
        _listener.Throws = (id, _) => id == b;
        await Publish(Here, (b, One(b, 3)));
        await Here.Until(async () => await Here.Scalar<long>("select count(*) from kernel.outbox where next_at is not null") == 1);
        // The last one waits for b alone; a's own come before it, one of them among many.
        await Publish(Here, (a, One(a, 1)), (job, Many(job, 2, a)), (job, Many(job, 4, a, b)), (a, One(a, 5)));
        await Here.Until(async () => await Left() == 3);
        _listener.Heard(a).ShouldBe([1, 2]);
        _listener.Throws = (_, _) => false;
        Here.Clock.Pass(TimeSpan.FromMinutes(5));
        await Here.Quiet();
        _listener.Heard(a).ShouldBe([1, 2, 4, 5]);
        _listener.Heard(b).ShouldBe([3, 4]);
    }

    [Fact]
    public async Task Whose_stream_was_taken_meanwhile_tells_and_crosses_off_nothing_more()
    {
        var (first, second) = (IdIn(Stream), IdIn(Stream));
        var go = new TaskCompletionSource();
        _listener.Before = go.Task;
        await Here.StartBackground();
        await Publish(Here, (first, One(first, 1)));
        await Here.Until(() => Task.FromResult(_listener.IsAsked));
        await Publish(Here, (second, One(second, 1)));
        // As the frozen find it: another has it, and is gone in two seconds.
        await Here.Scalar<int>($"""
            update kernel.delivery_stream set holder = gen_random_uuid(), token = token + 1,
              until = clock_timestamp() + interval '2 seconds' where no = {Stream} returning 1
            """);
        go.SetResult();
        await Here.Until(() => Task.FromResult(_listener.Heard(first).Length == 1));
        await Task.Delay(500);
        (await Left(), _listener.Heard(second).Length).ShouldBe((2, 0));
        await Here.Quiet();
        (_listener.Heard(first).Length, _listener.Heard(second).Length).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Beside_a_node_of_the_version_before_one_of_the_two_delivers()
    {
        var id = IdIn(Stream);
        await using var before = new NpgsqlConnection(Here.ConnectionString);
        await before.OpenAsync();
        await before.ExecuteAsync("select pg_advisory_lock(@LockKey)", new { OutboxDelivery.LockKey });
        await Here.StartBackground();
        await Publish(Here, (id, One(id, 1)));
        await Task.Delay(1_000);
        _listener.Heard(id).ShouldBeEmpty();
        await before.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { OutboxDelivery.LockKey });
        await Here.Quiet();
        _listener.Heard(id).ShouldBe([1]);
        (await before.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(@LockKey)", new { OutboxDelivery.LockKey })).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_nodes_with_work_share_the_streams_and_an_idle_installation_has_none()
    {
        var node = Here.AnotherNode(Add);
        await node.StartBackground();
        await Here.StartBackground();
        _listener.Pause = TimeSpan.FromMilliseconds(30);
        using var enough = new CancellationTokenSource();
        var busy = Task.Run(async () =>
        {
            for (var at = 1; !enough.IsCancellationRequested; at++)
            {
                await Publish(Here, [.. Enumerable.Range(0, 40).Select(i => IdIn(i % DeliveryStreams.Count))
                    .Select(id => (id, One(id, at)))]);
                await Task.Delay(20);
            }
        });
        await Here.Until(async () => (await Here.Rows<long>(
            "select count(*) from kernel.delivery_stream where until > clock_timestamp() group by holder")).Order()
            .SequenceEqual([4L, 4L]));
        await enough.CancelAsync();
        await busy;
        await Here.Quiet();
        _listener.Twice.ShouldBe(0);
        await Here.Until(async () =>
            await Here.Scalar<long>("select count(*) from kernel.delivery_stream where until > clock_timestamp()") == 0
            && await Here.Scalar<long>("select count(*) from kernel.delivery_node") == 0);
        await node.DisposeAsync();
    }

    internal sealed class Listener : IHearsMany<AccountReactivated>, IHearsMany<JobEnded>
    {
        readonly ConcurrentDictionary<Guid, ConcurrentQueue<int>> _heard = new();

        public static void Add(IServiceCollection services, Listener listener) => services
            .AddSingleton<MediatR.INotificationHandler<AccountReactivated>>(listener)
            .AddSingleton<MediatR.INotificationHandler<JobEnded>>(listener);

        public Func<Guid, int, bool> Throws { get; set; } = (_, _) => false;
        public Task Before { get; set; } = Task.CompletedTask;
        public TimeSpan Pause { get; set; }
        public bool IsAsked { get; private set; }
        public ConcurrentQueue<int> Lists { get; } = [];
        public int Twice => _heard.Values.Count(times => times.Count > times.Distinct().Count());
        public int[] Heard(Guid id) => _heard.TryGetValue(id, out var times) ? [.. times] : [];

        public async Task Hear(IReadOnlyList<AccountReactivated> facts, CancellationToken ct)
        {
            IsAsked = true;
            await Before;
            if (Pause > TimeSpan.Zero) await Task.Delay(Pause, ct);
            var told = facts.SelectMany(fact => fact.Accounts,
                (fact, account) => (account.Value, At: (int)(fact.At - DateTimeOffset.UnixEpoch).TotalSeconds)).ToList();
            if (told.Exists(t => Throws(t.Value, t.At))) throw new InvalidOperationException("not today");
            Lists.Enqueue(facts.Count);
            foreach (var (id, at) in told) _heard.GetOrAdd(id, _ => new()).Enqueue(at);
        }

        public Task Hear(IReadOnlyList<JobEnded> facts, CancellationToken ct)
        {
            foreach (var fact in facts) _heard.GetOrAdd(fact.Job.Value, _ => new()).Enqueue(0);
            return Task.CompletedTask;
        }
    }
}

/// <summary>A real process that delivers, stopped as a machine that hangs is.</summary>
[Trait("Rule", "R2")]
[Collection(Heavy.Name)]
public sealed class FreezeTheDeliverer
{
    static readonly TimeSpan Lease = new BackgroundSettings().DeliveryLease;

    [Fact]
    public async Task Its_streams_are_another_nodes_within_a_lease_and_it_does_no_harm_when_it_wakes()
    {
        var database = await TestDatabase.Fresh(nameof(FreezeTheDeliverer), TestInstallation.Migrate);
        var listener = new DeliverInStreams.Listener();
        await using (var here = TestInstallation.On(database, services => DeliverInStreams.Listener.Add(services, listener)))
        using (var node = HostProcess.StartNode(database, Ports.FreeAddress()))
        {
            async Task<bool> Empty() => await here.Scalar<long>("select count(*) from kernel.outbox") == 0;
            await Publish(here);
            await TestInstallation.Others(async () => await Empty() && await here.Scalar<long>(
                "select count(*) from kernel.delivery_stream where until > clock_timestamp()") == DeliveryStreams.Count,
                TimeSpan.FromSeconds(120), "the process delivers nothing");
            Signal("-STOP", node);
            var ids = await Publish(here);
            await here.StartBackground();
            var watch = Stopwatch.StartNew();
            await TestInstallation.Others(Empty, what: "the frozen process's streams were not taken over");
            watch.Elapsed.ShouldBeLessThan(Lease + TimeSpan.FromSeconds(5), "a stream stood still for longer than a lease");
            Signal("-CONT", node);
            ids = [.. ids, .. await Publish(here)];
            await TestInstallation.Others(Empty, what: "facts wait after the process woke");
            // The process has no listener: what it delivered is not heard here, and nothing is heard twice.
            listener.Twice.ShouldBe(0);
            ids.Take(DeliveryStreams.Count).ShouldAllBe(id => listener.Heard(id).Length == 1);
        }
        await TestDatabase.Drop(database);
    }

    static async Task<Guid[]> Publish(TestInstallation here)
    {
        Guid[] ids = [.. Enumerable.Range(0, DeliveryStreams.Count)
            .Select(i => new Guid([.. Guid.NewGuid().ToByteArray().AsSpan(0, 15), (byte)i]))];
        await using var batch = here.Services.GetRequiredService<NpgsqlDataSource>().CreateBatch();
        batch.BatchCommands.Add(Outbox.Insert([.. ids.Select(id => (id, (Fact)new AccountReactivated(new(id), DateTimeOffset.UnixEpoch,
            new(Guid.NewGuid()))))], DateTimeOffset.UtcNow));
        await batch.ExecuteNonQueryAsync();
        return ids;
    }

    static void Signal(string signal, HostProcess process)
    {
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        kill.WaitForExit();
    }
}
