using DirectoryPlatform.Kernel.Cluster;
using Orleans.Hosting;

namespace DirectoryPlatform.Kernel.Doors;

/// <summary>Where the grains keep their counts: Orleans' ADO.NET storage over our own SQL (<c>019_grain_storage.sql</c>).</summary>
sealed class CountStorage(KernelSettings settings) : ISiloPart
{
    public const string Name = "counts";

    /// <summary>A slice is written once a second at most, and there are sixteen.</summary>
    const int MostConnections = 3;

    public void AddTo(ISiloBuilder silo) => silo.AddAdoNetGrainStorage(Name, o =>
    {
        (o.Invariant, o.DeleteStateOnClear, o.GrainStorageSerializer) = ("Npgsql", true, new SavedCounts.AsBytes());
        // The provider names the tables of the queries alone, without a schema.
        o.ConnectionString = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            SearchPath = "orleans",
            MaxPoolSize = MostConnections,
            MaxAutoPrepare = 10,
            AutoPrepareMinUsages = 2,
            ApplicationName = "directory-platform-counts",
        }.ConnectionString;
    });
}
