using System.Net;

namespace DirectoryPlatform.Kernel.Cluster;

/// <summary>Which silo a process has.</summary>
/// <param name="MembershipIn">The database whose <c>orleans</c> schema says which silos there are; null for a silo that is alone.</param>
/// <param name="Address">Where silos on other machines reach this one; null where there are none: it then listens on loopback, on a free
/// port, and its cluster is the nodes of one network namespace.</param>
public sealed record SiloSettings(string? MembershipIn, IPEndPoint? Address = null)
{
    /// <summary>One that knows no other: for the process that owns its database.</summary>
    public static readonly SiloSettings Alone = new((string?)null);

    /// <summary>Where a silo listens when an address is set without a port.</summary>
    public const int UsualPort = 11111;

    /// <summary>More commands than this do not wait for one grain (own choice): the last would be given up after <see cref="Response"/>
    /// on a machine that takes a hundred turns of one thing a second.</summary>
    internal const int MostWaiting = 500;

    // Calm on purpose (decision 0056): half a second and two misses voted a healthy node dead on a busy machine, and no call waits for the
    // detection, because the direct turn takes over after a quarter of a second.
    internal static readonly TimeSpan Probe = TimeSpan.FromSeconds(2);
    internal const int MissedProbes = 3;
    internal const int Votes = 2;
    internal static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(5);

    /// <summary>After three of these without a word a silo that was killed is no longer asked by those that join.</summary>
    internal static readonly TimeSpan SayAlive = TimeSpan.FromSeconds(5);

    /// <summary>Longer than any turn that the database answers; the direct turn then takes the command.</summary>
    internal static readonly TimeSpan Response = TimeSpan.FromSeconds(5);

    // An admin works on the same people for minutes, a cold turn costs one shared look more, and an account in memory 2.5 KB.
    internal static readonly TimeSpan Remember = TimeSpan.FromMinutes(2);
    internal static readonly TimeSpan Collect = TimeSpan.FromSeconds(30);

    /// <summary>Nothing is placed by load here: turns prefer the node that asks.</summary>
    internal static readonly TimeSpan SayLoad = TimeSpan.FromSeconds(30);
}
