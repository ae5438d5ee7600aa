using DirectoryPlatform.Kernel.Cluster;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace DirectoryPlatform.Accounts;

/// <summary>How the account's grain is called; nobody does but <see cref="IGrains{TState,TFact}"/>.</summary>
[Alias("account")]
interface IAccountGrain : ITurnGrain<Account, AccountFact>;

/// <summary>The single writer of one account, on the node that asks for it first: an admin's work is done where the admin is.</summary>
[GrainType("account"), PreferLocalPlacement]
sealed class AccountGrain(TurnParts<Account, AccountFact> parts, LiveGrains live, ILocalSiloDetails silo)
    : TurnGrain<Account, AccountFact>(parts, live, silo), IAccountGrain;
