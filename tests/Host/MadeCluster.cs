using System.Diagnostics;
using System.Runtime.Versioning;
using DirectoryPlatform.Host.EmbeddedPostgres;

namespace DirectoryPlatform.Tests.Host;

/// <summary>
/// A server folder made by the product itself in a folder that did not exist, once for a class:
/// a copy of it costs a tenth of making another.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class MadeCluster : IAsyncLifetime
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dp-pg-");

    DirectoryInfo Data => new(Path.Combine(_folder.FullName, "not", "there"));

    /// <summary>What that first start answered to "which database is this?", and whether it owned the server.</summary>
    public (string Database, bool Owned) First { get; private set; }

    public async Task InitializeAsync()
    {
        await using var server = await EmbeddedPostgres.Start(Data, EmbeddedPostgresOptions.ForTests);
        First = ((string)(await OnServerFolder.Ask(server.ConnectionString, "select current_database()::text"))!, server.Owned);
    }

    /// <summary>As it lies there when its server has stopped, with its owners.</summary>
    public async Task CopyTo(DirectoryInfo data)
    {
        data.Create();
        using var copy = Process.Start("cp", ["-a", "--reflink=auto", Path.Combine(Data.FullName, "postgres"), data.FullName]);
        await copy.WaitForExitAsync();
        copy.ExitCode.ShouldBe(0);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }
}
