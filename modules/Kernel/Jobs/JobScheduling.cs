using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>Says on this node that a job's row is written. Nothing is lost with the word: every node looks by itself.</summary>
public sealed class JobScheduling([FromKeyedServices(JobKeeper.WakeKey)] Wake keeper)
{
    public void Start() => keeper.Now();
}
