namespace DirectoryPlatform.Kernel.Shares;

/// <summary>
/// What an organization's files, jobs and programs leave of this node to people of others (SPEC P4, M9, C2): see
/// docs/decisions/0068-shares-of-time.md. While only its own people are here, it has the whole node.
/// </summary>
public sealed class FairShares
{
    /// <param name="connections">Of the node's pool.</param>
    public FairShares(int connections, int processors, TimeProvider clock)
    {
        People = new(clock);
        // A quarter of the processors for each, so that half of them stay free.
        var part = processors / 4.0;
        LongWork = new(People, part, TimeSpan.FromSeconds(10), refuses: false, clock);
        Programs = new(People, part, TimeSpan.FromSeconds(5), refuses: true, clock);
        Files = new(Math.Max(2, connections / 4));
    }

    public PeopleHere People { get; }

    /// <summary>Chunks of jobs, and stretches of files that are sent: what nobody looks at.</summary>
    public FairShare LongWork { get; }

    /// <summary>What programs look at: requests with an organization's API key, or of its identity providers.</summary>
    public FairShare Programs { get; }

    /// <summary>Files that are being sent: each has a connection until its end, however slowly it is read. Of a quarter of the connections
    /// one organization gets half, and half of the rest the next.</summary>
    public FairPlaces<Guid> Files { get; }
}
