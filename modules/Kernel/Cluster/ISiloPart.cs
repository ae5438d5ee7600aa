using Orleans.Hosting;

namespace DirectoryPlatform.Kernel.Cluster;

/// <summary>What somebody brings into the silo of the process. A silo has services of its own, made anew with each silo: what is added here
/// must be an instance, which then outlives it.</summary>
interface ISiloPart
{
    void AddTo(ISiloBuilder silo);
}

/// <summary>An instance that grains ask for.</summary>
sealed class SiloService<T>(T instance) : ISiloPart where T : class
{
    public void AddTo(ISiloBuilder silo) => silo.Services.AddSingleton(instance);
}
