using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DirectoryPlatform.Tests.Support;

/// <summary>A real nginx on loopback with the product's own example configuration, guarding an app that remembers what it got; folders and
/// log of its own.</summary>
public sealed class Nginx : IAsyncDisposable
{
    readonly Process _process;
    readonly DirectoryInfo _folder;

    Nginx(Process process, DirectoryInfo folder, Uri address, AppServer app) =>
        (_process, _folder, Address, App) = (process, folder, address, app);

    public Uri Address { get; }

    /// <summary>The app behind it.</summary>
    public AppServer App { get; }

    public const string Page = "The guarded app";

    /// <param name="platform">Where the product listens.</param>
    public static async Task<Nginx> Start(Uri platform, string site, string app)
    {
        var folder = Directory.CreateTempSubdirectory("directory-platform-nginx-");
        var port = Ports.Free();
        var guarded = await AppServer.Start(Page);
        var example = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "nginx.conf"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "nginx.conf"), example
            .Replace("listen 443 ssl;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal)
            .Replace("127.0.0.1:5080", platform.Authority, StringComparison.Ordinal)
            .Replace("127.0.0.1:8080", guarded.Address.Authority, StringComparison.Ordinal)
            .Replace("team.acme.example", site, StringComparison.Ordinal)
            .Replace("/var/lib/directory-platform-door", folder.FullName, StringComparison.Ordinal)
            .Replace("app=jira", $"app={app}", StringComparison.Ordinal));
        var process = Process.Start(new ProcessStartInfo("nginx",
            ["-p", folder.FullName, "-e", "stderr", "-c", Path.Combine(folder.FullName, "nginx.conf"), "-g",
                $"daemon off; pid {folder.FullName}/nginx.pid;{(Environment.UserName == "root" ? " user root;" : "")}"])
        {
            RedirectStandardError = true
        })!;
        var nginx = new Nginx(process, folder, new($"http://127.0.0.1:{port}/"), guarded);
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(30))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"nginx did not start: {await process.StandardError.ReadToEndAsync()}");
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return nginx;
            }
            catch (SocketException) when (watch.Elapsed < TimeSpan.FromSeconds(10)) { }
        }
    }

    public static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "DirectoryPlatform.sln")))
            at = at.Parent ?? throw new InvalidOperationException("The source tree was not found above the test program.");
        return at.FullName;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
        await App.DisposeAsync();
    }
}
