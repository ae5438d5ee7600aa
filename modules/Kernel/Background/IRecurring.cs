namespace DirectoryPlatform.Kernel.Background;

/// <summary>Something to be done again and again, on one node at a time: due re-checks, due deletions.</summary>
public interface IRecurring
{
    string Name { get; }
    TimeSpan Every { get; }
    Task Run(CancellationToken ct);
}
