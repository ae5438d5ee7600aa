using DirectoryPlatform.Kernel.Cluster;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace DirectoryPlatform.Security.Internal.Turns;

/// <summary>How the grain of an account's sessions and tokens is called; nobody does but <see cref="IGrains{TState,TFact}"/>.</summary>
[Alias("credentials")]
interface ICredentialsGrain : ITurnGrain<HeldCredentials, CredentialsFact>;

/// <summary>The one writer of an account's sessions and tokens, on the node at which the person is. What is done to many at once is done
/// past it, and raises the version (<see cref="CredentialsStore.Raise"/>).</summary>
[GrainType("credentials"), PreferLocalPlacement]
sealed class CredentialsGrain(TurnParts<HeldCredentials, CredentialsFact> parts, LiveGrains live, ILocalSiloDetails silo)
    : TurnGrain<HeldCredentials, CredentialsFact>(parts, live, silo), ICredentialsGrain;
