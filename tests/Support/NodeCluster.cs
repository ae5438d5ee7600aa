
namespace DirectoryPlatform.Tests.Support;

/// <summary>Nodes of one installation as processes on fixed ports, each started again when it has ended.</summary>
/// <remarks>Knows nothing of xunit, so that the bench can use the file too.</remarks>
sealed class NodeCluster : IAsyncDisposable
{
    static readonly string[] Ways = ["killed", "killed", "frozen", "killed", "stopped"];

    /// <summary>A start takes seconds; on a busy machine many of them.</summary>
    static readonly TimeSpan Start = TimeSpan.FromSeconds(90);

    readonly string _database;
    readonly (string, string)[] _settings;
    readonly HostProcess[] _nodes;
    readonly Dictionary<string, int> _done = [];

    /// <param name="settings">Of each node's environment.</param>
    public NodeCluster(string database, int nodes, params (string Name, string Value)[] settings)
    {
        (_database, _settings) = (database, settings);
        Addresses = [.. Enumerable.Range(0, nodes).Select(_ => new Uri($"http://127.0.0.1:{Ports.Free()}"))];
        _nodes = [.. Addresses.Select(Node)];
    }

    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>What was done to them.</summary>
    public string Log => string.Join(", ", _done.OrderBy(d => d.Key).Select(d => $"{d.Value} {d.Key}"));

    HostProcess Node(Uri address) => HostProcess.StartNode(_database, address.GetLeftPart(UriPartial.Authority), _settings);

    public Task Ready() => Task.WhenAll(Addresses.Select(Ready));

    static async Task Ready(Uri address)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var late = new CancellationTokenSource(Start);
        while (!await IsReady()) await Task.Delay(100, late.Token);

        async Task<bool> IsReady()
        {
            try { return (await http.GetAsync(new Uri(address, "/health/ready"), CancellationToken.None)).IsSuccessStatusCode; }
            catch (Exception none) when (none is HttpRequestException or TaskCanceledException) { return false; }
        }
    }

    /// <summary>Kills, freezes and stops in turns: one node goes and comes back, the others stay.</summary>
    public async Task Disturb(int number)
    {
        await Task.Delay(Random.Shared.Next(200, 1_500));
        await Disturb(number % _nodes.Length, Ways[number % Ways.Length], TimeSpan.FromSeconds(Random.Shared.Next(2, 8)));
    }

    /// <param name="way">killed, frozen or stopped.</param>
    /// <param name="frozen">For how long.</param>
    public async Task Disturb(int node, string way, TimeSpan frozen)
    {
        _done[way] = _done.GetValueOrDefault(way) + 1;
        if (way == "frozen")
        {
            _nodes[node].Freeze();
            await Task.Delay(frozen);
            _nodes[node].Thaw();
        }
        else
        {
            if (way == "stopped") await _nodes[node].Stop();
            else await _nodes[node].Kill();
            _nodes[node].Dispose();
            _nodes[node] = Node(Addresses[node]);
        }
        await Ready(Addresses[node]);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) node.Dispose();
        return default;
    }
}
