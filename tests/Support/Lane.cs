using System.Collections.Concurrent;
using System.Reflection;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Tests.Web;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>The lanes of a test process: one is made when a test wants one and none is free.</summary>
sealed class Lanes
{
    readonly ConcurrentBag<Lane> _free = [];
    readonly ConcurrentQueue<string> _lateLeaks = [];

    public static Lanes Shared { get; } = new();

    /// <summary>What tests did after they had ended, a sentence each: asked at the end of a whole run.</summary>
    public IReadOnlyCollection<string> LateLeaks => _lateLeaks;

    /// <param name="test">For the finger that points at whoever leaves something behind.</param>
    public async Task<Lane> Borrow(string test)
    {
        while (_free.TryTake(out var lane))
        {
            if (await lane.WrittenSince() is not { Count: > 0 } tables)
            {
                lane.IsHeldBy(test);
                return lane;
            }
            _lateLeaks.Enqueue($"{lane.Test} went on after its end: rows in {string.Join(", ", tables)}");
            await lane.Drop();
        }
        return await Lane.Make(this, test);
    }

    public void Add(Lane clean) => _free.Add(clean);
}

/// <summary>
/// A database, a clock and the nodes that serve pages from it: made once, lent to one test after another, given back clean. Making them
/// anew for every test took most of the time of all tests. Whoever leaves something behind is named: at once where it can
/// be seen, else by the next borrower.
/// </summary>
sealed class Lane
{
    /// <summary>A database that a test has made larger than this is dropped rather than cleaned:
    /// dead rows would slow every later test.</summary>
    const long LargestBytes = 96L << 20;

    /// <summary>Kept between two tests. A pool hands its connections out in turn,
    /// so that after a crowd each would have to learn what few know already.</summary>
    const int MostConnections = 25;

    readonly Lanes _lanes;
    readonly LaneRows _rows;
    readonly ConcurrentBag<WholeSite> _nodes = [], _listening = [];
    readonly ConcurrentBag<NpgsqlDataSource> _pools = [];

    LaneSilo _silo = null!;

    Lane(Lanes lanes, string connectionString, LaneRows rows, string test) =>
        (_lanes, ConnectionString, _rows, Test) = (lanes, connectionString, rows, test);

    /// <summary>Takes the turns of all its nodes.</summary>
    public LocalSilo Silo => _silo.Silo;

    public string ConnectionString { get; }

    public TestClock Clock { get; } = new();

    /// <summary>Whoever has it, or had it last.</summary>
    public string Test { get; private set; }

    public static async Task<Lane> Make(Lanes lanes, string test)
    {
        var database = await TestDatabase.Fresh("lane", TestInstallation.Migrate);
        var lane = new Lane(lanes, database, await LaneRows.Of(database), test);
        lane._silo = await LaneSilo.Start(database, lane.Clock);
        return lane;
    }

    /// <summary>The test that has it, as exactly as is known by now.</summary>
    public void IsHeldBy(string test) => Test = test;

    /// <summary>Tables that somebody has written to since it was given back.</summary>
    public Task<IReadOnlyList<string>> WrittenSince() => _rows.Dirty();

    /// <summary>A node that serves pages and does nothing by itself, one that nobody else has now.</summary>
    /// <param name="listens">On a port of loopback, rather than without a network.</param>
    public async Task<WholeSite> Node(bool listens = false) =>
        (listens ? _listening : _nodes).TryTake(out var node) ? node : await WholeSite.Start(this, listens);

    public void GiveBack(WholeSite node) => (node.Listens ? _listening : _nodes).Add(node);

    /// <summary>
    /// Connections that nobody else has now. They outlive a test, because a new one costs the server a process and all that it has learnt:
    /// a third of what PostgreSQL did for the tests was beginning and ending connections.
    /// </summary>
    public NpgsqlDataSource Pool() => _pools.TryTake(out var pool) ? pool : Database.Open(ConnectionString);

    public void GiveBack(NpgsqlDataSource pool) => _pools.Add(pool);

    /// <summary>Cleans, and lends it on.</summary>
    /// <exception cref="LeftBehind">Something still goes on, or a rule of the database is not as it was.</exception>
    public async Task GiveBack()
    {
        // Counts are written a second later: what is not written now never is.
        _silo.Forget();
        var left = (await _rows.StillGoingOn()).ToList();
        var pools = AllNodes.Select(n => n.Services.GetRequiredService<NpgsqlDataSource>()).Concat(_pools).ToList();
        if (pools.Sum(Busy) is > 0 and var busy) left.Add($"{busy} connections that were opened and not closed");
        if (left.Count > 0)
        {
            await Drop();
            throw new LeftBehind(Test, left);
        }
        var (bytes, connections) = await _rows.Clean();
        if (bytes > LargestBytes)
        {
            await Drop();
            return;
        }
        if (connections > MostConnections)
            foreach (var pool in AllNodes.Select(n => n.Services.GetRequiredService<NpgsqlDataSource>()).Concat(_pools)) pool.Clear();
        if (connections > MostConnections) _silo.Clear();
        Clock.Reset();
        // Also what a late call has counted by a clock that was ahead.
        _silo.Forget();
        foreach (var node in AllNodes)
            foreach (var cache in node.Services.GetServices<ICache>()) cache.Forget();
        _lanes.Add(this);
    }

    /// <summary>Connections that somebody has and has not given back: in time a pool would have none left.</summary>
    static int Busy(NpgsqlDataSource pool) => ((ValueTuple<int, int, int>)Statistics.GetValue(pool)!).Item3;

    /// <summary>How many connections there are, are idle and are in use: Npgsql tells it in metrics only, a second late.</summary>
    static readonly PropertyInfo Statistics =
        typeof(NpgsqlDataSource).GetProperty("Statistics", BindingFlags.Instance | BindingFlags.NonPublic)!;

    IEnumerable<WholeSite> AllNodes => _nodes.Concat(_listening);

    public async Task Drop()
    {
        foreach (var node in AllNodes) await node.End();
        await _silo.DisposeAsync();
        while (_pools.TryTake(out var pool)) await pool.DisposeAsync();
        await _rows.DisposeAsync();
        await TestDatabase.Drop(ConnectionString);
    }
}

/// <summary>A test has ended, and something of it has not.</summary>
sealed class LeftBehind(string test, IReadOnlyList<string> what) : Exception($"{test} left behind: {string.Join("; ", what)}");
