using Orleans;
using Orleans.Runtime;

namespace DirectoryPlatform.Kernel.Doors;

/// <summary>Counts one slice of all keys, for all nodes together. Nodes of two versions speak to each other through it.</summary>
[Alias("counts")]
interface ICountGrain : IGrainWithIntegerKey
{
    [Alias("take")]
    ValueTask<Taken> Take(Asked asked);
}

/// <param name="Key">A digest of what is counted.</param>
/// <param name="Wanted">Questions that want in.</param>
/// <param name="Before">Questions that the node let in by itself while nobody answered.</param>
[GenerateSerializer, Immutable, Alias("count-asked")]
readonly record struct Asked(
    [property: Id(0)] Guid Key, [property: Id(1)] TimeSpan Step, [property: Id(2)] TimeSpan Room, [property: Id(3)] int Wanted,
    [property: Id(4)] int Before);

/// <param name="Wait">Until the next one may come in; zero where something was granted.</param>
/// <param name="From">The silo that counts, so that the next call knows whom it waits for.</param>
[GenerateSerializer, Immutable, Alias("count-taken")]
readonly record struct Taken(
    [property: Id(0)] int Granted, [property: Id(1)] TimeSpan Wait, [property: Id(2)] SiloAddress? From);
