using DirectoryPlatform.Kernel.Cluster;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace DirectoryPlatform.Domains;

/// <summary>How the domain's grain is called; nobody does but <see cref="IGrains{TState,TFact}"/>.</summary>
[Alias("domain")]
interface IDomainGrain : ITurnGrain<Domain, DomainFact>;

/// <summary>The single writer of one domain, on the node that asks for it first: an admin's work is done where the admin is.</summary>
[GrainType("domain"), PreferLocalPlacement]
sealed class DomainGrain(TurnParts<Domain, DomainFact> parts, LiveGrains live, ILocalSiloDetails silo)
    : TurnGrain<Domain, DomainFact>(parts, live, silo), IDomainGrain;
