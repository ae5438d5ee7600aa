namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>A range of a job that has not ended.</summary>
sealed record OpenRange(Guid Job, int No, Guid Organization, DateTime AskedAt)
{
    public (Guid Job, int No) Key => (Job, No);
}

/// <summary>What a node sees when it looks for work.</summary>
/// <param name="Nodes">That live, this one among them.</param>
/// <param name="Total">Open ranges of all jobs, whoever has them.</param>
/// <param name="Waiting">Those that nobody has: of each organization only as many as a node could take.</param>
/// <param name="Elsewhere">Whose ranges other nodes walk, an entry for each range.</param>
sealed record OpenWork(int Nodes, long Total, IReadOnlyList<OpenRange> Waiting, IReadOnlyList<Guid> Elsewhere);

/// <summary>One node's hold on one range.</summary>
sealed class RangeHold(Guid holder)
{
    public Guid Holder => holder;

    /// <summary>Asked by the keeper, done by the worker when its chunk is written.</summary>
    public volatile bool GiveBack;
}
