using System.Collections.Concurrent;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Tests.Web;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// A database, a clock and the nodes that serve pages from it: made once, lent to one test after another, given back clean. Making them anew for every test
/// took most of the time of all tests (docs/tests.md). Whoever leaves something behind is named: at once where it can be seen, else by the next borrower.
/// </summary>
sealed class Lane
{
    static readonly ConcurrentBag<Lane> Free = [];
    static readonly ConcurrentQueue<string> Found = [];

    /// <summary>A database that a test has made larger than this is dropped rather than cleaned: dead rows would slow every later test.</summary>
    const long LargestBytes = 96L << 20;

    readonly ConcurrentBag<WholeSite> _nodes = [];
    readonly LaneRows _rows;
    string _test = "";

    Lane(string connectionString, LaneRows rows) => (ConnectionString, _rows) = (connectionString, rows);

    public string ConnectionString { get; }

    public TestClock Clock { get; } = new();

    /// <summary>What tests wrote after they had ended, a sentence each: asked at the end of a whole run.</summary>
    public static IReadOnlyCollection<string> LateLeaks => Found;

    /// <param name="test">For the finger that points at whoever leaves something behind.</param>
    public static async Task<Lane> Borrow(string test)
    {
        while (Free.TryTake(out var lane))
        {
            if (await lane._rows.Dirty() is not { Count: > 0 } dirty)
            {
                lane._test = test;
                return lane;
            }
            Found.Enqueue($"{lane._test} went on after its end: rows in {string.Join(", ", dirty)}");
            await lane.Drop();
        }
        var database = await TestDatabase.Fresh("lane", TestInstallation.Migrate);
        return new(database, await LaneRows.Of(database)) { _test = test };
    }

    /// <summary>The test that has it, as exactly as is known by now.</summary>
    public void IsHeldBy(string test) => _test = test;

    /// <summary>A node that serves pages and does nothing by itself, one that no other test has now.</summary>
    public async Task<WholeSite> Node() => _nodes.TryTake(out var node) ? node : await WholeSite.Start(this);

    public void GiveBack(WholeSite node) => _nodes.Add(node);

    /// <summary>Cleans, and lends it on.</summary>
    /// <exception cref="LeftBehind">Something still goes on, or a rule of the database is not as it was.</exception>
    public async Task GiveBack()
    {
        var left = await _rows.StillGoingOn();
        if (left.Count > 0)
        {
            await Drop();
            throw new LeftBehind(_test, left);
        }
        if (await _rows.Clean() > LargestBytes)
        {
            await Drop();
            return;
        }
        Clock.Reset();
        foreach (var node in _nodes)
            foreach (var cache in node.Services.GetServices<ICache>()) cache.Forget();
        Free.Add(this);
    }

    async Task Drop()
    {
        while (_nodes.TryTake(out var node)) await node.End();
        await _rows.DisposeAsync();
        await TestDatabase.Drop(ConnectionString);
    }
}

/// <summary>A test has ended, and something of it has not.</summary>
sealed class LeftBehind(string test, IReadOnlyList<string> what) : Exception($"{test} left behind: {string.Join("; ", what)}");
