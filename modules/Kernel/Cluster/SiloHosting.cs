using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Orleans;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Hosting;
using Orleans.Runtime;

namespace DirectoryPlatform.Kernel.Cluster;

/// <summary>
/// Runs the process's silo beside the product's own host, with services of its own: a silo that is told that it is dead, or cannot start,
/// or is no longer in the cluster's table, is replaced by a new one, while pages and turns go on without it. One that is alone takes no
/// connection; those of one database ask each other for a certificate of the installation, on loopback as well.
/// </summary>
sealed class SiloHosting(
    LocalSilo silo, ClusterAuthority authority, NpgsqlDataSource database, IEnumerable<ISiloPart> parts, ILoggerFactory logs,
    ILogger<SiloHosting> log) : IAsyncDisposable
{
    /// <summary>A silo that cannot leave in this time is left to itself: what it still writes is fenced by versions.</summary>
    static readonly TimeSpan MostToLeave = TimeSpan.FromSeconds(5);

    static readonly TimeSpan MostBetweenTries = TimeSpan.FromSeconds(30);

    readonly CancellationTokenSource _stop = new();
    Task _running = Task.CompletedTask;

    /// <summary>Ends when the first silo runs.</summary>
    public Task Begin(SiloSettings settings)
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running = Task.Run(() => KeepOne(settings, began), CancellationToken.None);
        return began.Task;
    }

    async Task KeepOne(SiloSettings settings, TaskCompletionSource began)
    {
        for (var failures = 0; !_stop.IsCancellationRequested;)
        {
            using var died = new CancellationTokenSource();
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, died.Token);
            var live = new LiveGrains();
            IHost? host = null;
            try
            {
                host = Build(settings, settings.MembershipIn is null ? null : await authority.Open(ends.Token), live, died);
                await host.StartAsync(ends.Token);
                var own = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
                silo.Now = new(host.Services.GetRequiredService<IGrainFactory>(), own, settings.MembershipIn is null, live);
                log.SiloRuns(own.ToString());
                began.TrySetResult();
                failures = 0;
                if (settings.MembershipIn is null) await Task.Delay(Timeout.Infinite, ends.Token);
                while (await IsListed(own, ends.Token)) await Task.Delay(SiloSettings.TableRefresh, ends.Token);
                log.SiloIsNotListed();
                await died.CancelAsync();
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested) { }
            catch (Exception failed)
            {
                failures++;
                log.SiloDidNotStart(failed);
            }
            finally
            {
                silo.Now = null;
                if (host is not null) await Leave(host, orderly: !died.IsCancellationRequested);
            }
            if (_stop.IsCancellationRequested) return;
            log.SiloIsReplaced();
            try { await Task.Delay(Wait(failures), _stop.Token); }
            catch (OperationCanceledException) { return; }
        }
    }

    /// <summary>Of a table without its silo's row, such as a restored one, Orleans makes nothing: it looks for the row for ever, and finds
    /// no other silo. While the database cannot be asked nothing has changed.</summary>
    async Task<bool> IsListed(SiloAddress own, CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            return await connection.ExecuteScalarAsync<bool>("""
                select exists (select from orleans.silo where address = @Address and port = @Port and generation = @Generation)
                """, new { Address = $"{own.Endpoint.Address}", own.Endpoint.Port, own.Generation });
        }
        catch (Exception) when (!ct.IsCancellationRequested) { return true; }
    }

    static TimeSpan Wait(int failures) =>
        TimeSpan.FromSeconds(Math.Min(MostBetweenTries.TotalSeconds, 1 << Math.Min(failures, 10)));

    async Task Leave(IHost host, bool orderly)
    {
        try
        {
            using var late = new CancellationTokenSource(orderly ? MostToLeave : TimeSpan.Zero);
            await host.StopAsync(late.Token).WaitAsync(MostToLeave + TimeSpan.FromSeconds(1), CancellationToken.None);
            await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(MostToLeave, CancellationToken.None);
        }
        catch (Exception failed) { log.SiloDidNotLeave(failed); }
    }

    /// <param name="certificates">Null for a silo that is alone.</param>
    IHost Build(SiloSettings settings, SiloCertificates? certificates, LiveGrains live, CancellationTokenSource died)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "DirectoryPlatform" });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(logs);
        builder.UseOrleans(orleans =>
        {
            Configure(orleans, parts, live);
            if (settings.MembershipIn is not { } members || certificates is null)
            {
                // Whoever connects could send commands in anybody's name, and nobody has a reason to.
                orleans.Configure<SiloConnectionOptions>(o => o.ConfigureSiloInboundConnection(Refuse));
                orleans.UseLocalhostClustering(FreePort(), NoGateway, serviceId: "directory", clusterId: "alone");
                return;
            }
            var at = settings.Address ?? new(IPAddress.Loopback, FreePort());
            orleans.Configure<ClusterOptions>(o =>
                (o.ClusterId, o.ServiceId) = (settings.Address is null ? SameLoopback.ClusterId : "network", "directory"));
            orleans.ConfigureEndpoints(at.Address, at.Port, NoGateway);
            orleans.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", Membership(members)));
            orleans.UseTls(tls =>
            {
                tls.LocalCertificate = certificates.Own;
                tls.LocalServerCertificateSelector = (_, _) => certificates.Own;
                tls.LocalClientCertificateSelector = (_, _, _, _, _) => certificates.Own;
                tls.RemoteCertificateMode = tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
                tls.RemoteCertificateValidation = (shown, _, _) => certificates.Admits(shown);
                tls.OnAuthenticateAsClient = (_, client) => client.TargetHost = "silo";
            });
        });
        builder.Services.AddSingleton<IFatalErrorHandler>(new ReplaceIt(died, log));
        return builder.Build();
    }

    /// <summary>For clients outside of a silo; every process that asks grains has one.</summary>
    const int NoGateway = 0;

    static void Refuse(IConnectionBuilder connections) => connections.Use(_ => connection =>
    {
        connection.Abort();
        return Task.CompletedTask;
    });

    /// <summary>What every silo of the product has, whichever way it is hosted.</summary>
    internal static void Configure(ISiloBuilder orleans, IEnumerable<ISiloPart> parts, LiveGrains live)
    {
        orleans.Services.AddSingleton(live);
        foreach (var part in parts) part.AddTo(orleans);
        orleans.Configure<GrainCollectionOptions>(o =>
        {
            (o.CollectionAge, o.CollectionQuantum) = (SiloSettings.Remember, SiloSettings.Collect);
            o.EnableActivationSheddingOnMemoryPressure = true;
        });
        orleans.Configure<SiloMessagingOptions>(o =>
        {
            (o.ResponseTimeout, o.SystemResponseTimeout) = (SiloSettings.Response, SiloSettings.Response);
            o.MaxEnqueuedRequestsHardLimit = SiloSettings.MostWaiting;
        });
        orleans.Configure<DeploymentLoadPublisherOptions>(o => o.DeploymentLoadPublisherRefreshTime = SiloSettings.SayLoad);
        orleans.Configure<ClusterMembershipOptions>(o =>
        {
            (o.ProbeTimeout, o.NumMissedProbesLimit) = (SiloSettings.Probe, SiloSettings.MissedProbes);
            o.NumVotesForDeathDeclaration = SiloSettings.Votes;
            (o.TableRefreshTimeout, o.IAmAliveTablePublishTimeout) = (SiloSettings.TableRefresh, SiloSettings.SayAlive);
        });
    }

    /// <summary>The provider names the tables of the queries alone, without a schema.</summary>
    static string Membership(string members) => new NpgsqlConnectionStringBuilder(members)
    {
        SearchPath = "orleans",
        MaxPoolSize = 5,
        ApplicationName = "directory-platform-cluster",
    }.ConnectionString;

    /// <summary>Another process may take it before the silo does: that then does not start, and is tried again.</summary>
    static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Ends when the silo has left.</summary>
    public async Task End()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested) await End();
        _stop.Dispose();
    }

    /// <summary>Orleans would end the whole process, pages included.</summary>
    sealed class ReplaceIt(CancellationTokenSource died, ILogger log) : IFatalErrorHandler
    {
        public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

        public void OnFatalException(object? sender, string? context, Exception? exception)
        {
            log.SiloDied(exception, context ?? "");
            try { died.Cancel(); }
            catch (ObjectDisposedException) { } // It is on its way out already.
        }
    }

    /// <summary>Signals of the system are the product's host's.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>Begins with the product's host, which does not wait for it, and ends with it.</summary>
sealed class SiloBesideHost(SiloHosting hosting, SiloSettings settings) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = hosting.Begin(settings);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => hosting.End();
}

public static class SiloRegistration
{
    /// <summary>A silo in this process. Without it every turn goes straight to the database.</summary>
    public static IServiceCollection AddSilo(this IServiceCollection services, SiloSettings settings) =>
        services.AddSingleton(settings).AddHostedService<SiloBesideHost>();
}
