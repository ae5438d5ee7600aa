namespace DirectoryPlatform.Domains.Internal.Recheck;

/// <summary>
/// Looks by itself at pending domains whose time has come (SPEC D8), and at owned ones every day (D9). What is due stands in the rows, so a
/// moment that nobody was up for is made good once; two nodes that look at the same domain record one look,
/// because the second one finds another version.
/// </summary>
sealed partial class PendingChecks(DomainReading domains, DomainCheck check, TimeProvider clock, ILogger<PendingChecks> log) : IRecurring
{
    /// <summary>Looks at the same time: names that do not answer must not hold up the others.</summary>
    const int AtOnce = 8;

    /// <summary>Then another node may have its turn.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public string Name => "check due domains";
    public TimeSpan Every => TimeSpan.FromSeconds(15);

    public async Task Run(CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var seen = new HashSet<Guid>();
        while (await domains.Due(clock.GetUtcNow(), seen) is { Count: > 0 } due && clock.GetElapsedTime(began) < Longest)
        {
            seen.UnionWith(due.Select(d => d.Id.Value));
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, Look);
        }
    }

    async ValueTask Look(Domain domain, CancellationToken ct)
    {
        try { await check.Look(domain, domain.Method, bySchedule: true, Origin.Schedule, ct); }
        catch (Exception failed) when (!ct.IsCancellationRequested) { LookFailed(log, failed, domain.Id.Value); }
    }

    [LoggerMessage(100, LogLevel.Warning, "The look at domain {Domain} failed and is made again soon")]
    static partial void LookFailed(ILogger log, Exception failed, Guid domain);
}
