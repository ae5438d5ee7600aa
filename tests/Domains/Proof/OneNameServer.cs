using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Domains.Proof;

/// <summary>One real name server for all tests of a class: whatever a test publishes is taken away again before the next.</summary>
public sealed class OneNameServer : IDisposable
{
    readonly Knot _knot = Knot.Start("acme.example", "elsewhere.example");
    readonly HashSet<(string Zone, string Owner, string Type)> _published = [];

    public string Address => _knot.Address;

    public int Port => _knot.Port;

    public void Set(string zone, string owner, string type, params string[] data)
    {
        _published.Add((zone, owner, type));
        if (data is [var one]) _knot.Set(zone, owner, type, one);
        else _knot.SetMany(zone, owner, type, data);
    }

    public void Unset(string zone, string owner, string type)
    {
        if (_published.Remove((zone, owner, type))) _knot.Unset(zone, owner, type);
    }

    public void Clear()
    {
        foreach (var (zone, owner, type) in _published.ToList()) Unset(zone, owner, type);
    }

    public void Dispose() => _knot.Dispose();
}
