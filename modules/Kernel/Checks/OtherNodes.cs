using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Kernel.Live;
using Orleans;
using Orleans.Concurrency;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace DirectoryPlatform.Kernel.Checks;

/// <summary>The way to all other silos of the cluster, whatever they do. A process that is alone has nobody to tell.</summary>
public sealed class OtherNodes(Revocations revocations, LiveChanges live, LocalSilo silo) : ISiloPart
{
    volatile IRevocationsClient? _client;

    void ISiloPart.AddTo(ISiloBuilder orleans)
    {
        orleans.Services.AddSingleton(revocations).AddSingleton(live).AddSingleton<IRevocationsClient, RevocationsClient>();
        orleans.AddGrainService<RevocationsService>();
        orleans.AddStartupTask((services, _) =>
        {
            _client = services.GetRequiredService<IRevocationsClient>();
            return Task.CompletedTask;
        });
    }

    /// <summary>Something was taken away: let them look. Ends when all have, or <paramref name="atMost"/> has passed.</summary>
    /// <returns>How many others there are, and how many have looked.</returns>
    internal Task<(int Of, int Looked)> Tell(TimeSpan atMost) =>
        _client is { } client && silo.Now is { IsAlone: false } ? client.Tell(atMost) : Task.FromResult((0, 0));
}

/// <summary>Nodes of two versions speak to each other through it, so its one method never changes.</summary>
[Alias("revocations")]
interface IRevocationsService : IGrainService
{
    /// <summary>Ends when this node has dropped what was committed before.</summary>
    [Alias("look")]
    Task Look();
}

[Reentrant]
sealed class RevocationsService(GrainId id, Silo silo, ILoggerFactory logs, Revocations revocations, LiveChanges live)
    : GrainService(id, silo, logs), IRevocationsService
{
    public Task Look()
    {
        live.LookSoon();
        return revocations.LookFromNow();
    }
}

interface IRevocationsClient : IGrainServiceClient<IRevocationsService>
{
    Task<(int Of, int Looked)> Tell(TimeSpan atMost);
}

sealed class RevocationsClient(IServiceProvider services, ISiloStatusOracle silos, ILocalSiloDetails here)
    : GrainServiceClient<IRevocationsService>(services), IRevocationsClient
{
    public async Task<(int Of, int Looked)> Tell(TimeSpan atMost)
    {
        var others = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(other => !other.Equals(here.SiloAddress)).ToArray();
        return (others.Length, (await Task.WhenAll(others.Select(other => Looked(other, atMost)))).Count(looked => looked));
    }

    /// <summary>Whatever goes wrong: that node looks by itself, and what it keeps ends when it cannot.</summary>
    async Task<bool> Looked(SiloAddress other, TimeSpan atMost)
    {
        try
        {
            var looked = GetGrainService(other).Look();
            _ = looked.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
            await looked.WaitAsync(atMost);
            return true;
        }
        catch (Exception) { return false; }
    }
}
