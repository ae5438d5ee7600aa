using DirectoryPlatform.Domains.Storage;
using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Domains.Recheck;

/// <summary>Looks by itself at pending domains whose time has come (SPEC D8), and at owned ones every day (D9).</summary>
sealed class PendingChecks(DomainReading domains, DomainCheck check, TimeProvider clock) : IRecurring
{
    /// <summary>Looks at the same time: names that do not answer must not hold up the others.</summary>
    const int AtOnce = 8;

    public string Name => "check due domains";
    public TimeSpan Every => TimeSpan.FromSeconds(15);

    public async Task Run(CancellationToken ct) => await Parallel.ForEachAsync(
        await domains.Due(clock.GetUtcNow()), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
        async (domain, token) => await check.Look(domain, domain.Method, bySchedule: true, Origin.Schedule, token));
}
