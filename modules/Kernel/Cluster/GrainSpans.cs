using Orleans.Hosting;

namespace DirectoryPlatform.Kernel.Cluster;

/// <summary>Calls of grains go on with the trace of whoever calls, on other nodes as well.</summary>
sealed class GrainSpans : ISiloPart
{
    public void AddTo(ISiloBuilder silo) => silo.AddActivityPropagation();
}
