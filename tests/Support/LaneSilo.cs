using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Kernel.Cluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Tests.Support;

/// <summary>The silo of a lane: whatever node a test asks, its turns are taken by the grains here, and nothing else works here. It outlives
/// the tests, because a start takes a third of a second.</summary>
sealed class LaneSilo : IAsyncDisposable
{
    readonly ServiceProvider _services;

    LaneSilo(ServiceProvider services) => _services = services;

    public LocalSilo Silo => _services.GetRequiredService<LocalSilo>();

    public static async Task<LaneSilo> Start(string connectionString, TimeProvider clock)
    {
        var services = new ServiceCollection()
            .AddSingleton(clock)
            .AddLogging(log => log.SetMinimumLevel(LogLevel.None))
            .AddModules(new ConfigurationBuilder().Build(), connectionString, ownsDatabase: false, demo: true, new("http://localhost:5080"))
            .BuildServiceProvider();
        await services.GetRequiredService<SiloHosting>().Begin(SiloSettings.Alone);
        return new(services);
    }

    /// <summary>What grains remember of rows that are gone.</summary>
    public void Forget() => Silo.Forget();

    /// <summary>Connections that many turns at once have left.</summary>
    public void Clear() => _services.GetRequiredService<Npgsql.NpgsqlDataSource>().Clear();

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
