using DirectoryPlatform.Host.Demo;
using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web;
using DirectoryPlatform.Web.Api;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace DirectoryPlatform.Host.Commands;

/// <summary>Starts the product and serves until it is told to stop.</summary>
static class Serve
{
    public static async Task<int> Run(DirectoryInfo data, string urls, bool? demoAsked, bool demoOpen, CancellationToken ct)
    {
        var configuration = CommandLine.Configuration();
        foreach (var warning in KnownSettings.Warnings(configuration)) Console.Error.WriteLine(warning);
        // Before the database is reached, and changed.
        _ = WebConfiguration.PublicUrl(configuration, urls);
        _ = KeyFile.From(configuration)?.Keys;
        await using var installation = await Installation.Open(configuration, data, ct, toServe: true);
        // Refused before anything else is said or done.
        demoAsked = await DemoRules.Decide(installation, demoAsked);
        if (demoAsked is true) await DemoData.ClearHalfMade(installation, ct);
        await KeysAtStart.Prepare(configuration, installation, data, ct);
        await using var app = await Build(configuration, installation, urls, demoAsked, demoOpen);
        await app.StartAsync(ct);
        Console.WriteLine($"DirectoryPlatform is at {app.Services.GetRequiredService<ProductUrl>().Base}");
        if (await DemoData.Hint(app.Services) is { } hint) Console.WriteLine(hint);
        else if (await app.Services.GetRequiredService<IMediator>().Send(new IsSetupNeeded(), ct))
            Console.WriteLine($"Setup code for the first visit: {await app.Services.GetRequiredService<SetupCodes>().New(ct)}");
        await app.WaitForShutdownAsync(ct);
        return 0;
    }

    /// <param name="demoAsked">True, false, or null for "as the database remembers; a new embedded one is a demo".</param>
    /// <param name="demoOpen">A demo may listen beyond loopback.</param>
    public static async Task<WebApplication> Build(IConfiguration configuration, Installation installation, string urls, bool? demoAsked,
        bool demoOpen = false)
    {
        var demo = await DemoRules.Decide(installation, demoAsked);
        var publicUrl = WebConfiguration.PublicUrl(configuration, urls);
        var settings = WebConfiguration.Read(configuration, publicUrl, urls, demo, demoOpen);
        if (demo) settings = settings with { DemoSignIns = DemoData.SignIns };
        if (settings.ProxyWarning is { } warning) Console.Error.WriteLine(warning);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls(urls);
        if (demo) DemoRules.KeepOnLoopback(builder.Configuration, urls, demoOpen);
        else if (WebConfiguration.Remark(configuration, publicUrl, urls) is { } remark) Console.WriteLine(remark);
        builder.Logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            // What places a grain tells of each one through Polly.
            .AddFilter("Orleans", LogLevel.Error)
            // A grain service tells of its part of the ring under its own name.
            .AddFilter("DirectoryPlatform.Kernel.Checks.RevocationsService", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting", LogLevel.Warning)
            // A probe that comes before the silo runs, or while the database is away, would be an error a second.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            // It warns that keys stand in the database; there is no better place that all nodes share.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // Begun first, it leaves last: what is still in flight may need its grains.
        if (ClusterConfiguration.Read(configuration, installation) is { } silo)
        {
            builder.Services.AddSilo(silo).AddSingleton<SiloAnswers>();
            builder.Services.AddHealthChecks().AddCheck<SiloAnswers>("silo");
        }
        Watching.Add(builder, configuration, urls);
        var (sockets, stop) = (new ListeningSockets(), StopSettings.From(configuration, installation.IsEmbedded));
        builder.Services.Configure<SocketTransportOptions>(o => o.CreateBoundListenSocket = sockets.Bind);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = stop.Drain + StopSettings.MostInFlight);
        builder.Services.AddSingleton(sockets).AddSingleton(stop);
        builder.Services.AddSingleton<Leaving>().AddHostedService(p => p.GetRequiredService<Leaving>());
        builder.Services.AddSingleton<WarmUp>().AddHostedService(p => p.GetRequiredService<WarmUp>());
        builder.Services.AddModules(configuration, installation.ConnectionString, installation.OwnsServer, demo, publicUrl);
        builder.Services.AddSingleton(configuration.GetSection("Api").Get<ApiSettings>() ?? new());
        builder.Services.AddWeb(settings);
        builder.Services.AddHealthChecks().AddCheck<DatabaseAnswers>("database").AddCheck<ClockAgrees>("clock")
            .AddCheck<Leaving>("leaving").AddCheck<WarmUp>("warm").AddCheck<WorkGoesOn>("work");
        var app = builder.Build();
        app.Use(next =>
        {
            app.Services.GetRequiredService<WarmUp>().Pipeline = next;
            return next;
        });
        app.Use(app.Services.GetRequiredService<Leaving>().Ask);
        app.UseWeb();
        foreach (var probe in (IEndpointConventionBuilder[])
        [
            app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }),
            app.MapHealthChecks("/health/ready", ReadyAnswer.Options),
        ])
            probe.WithMetadata(new RequiresAttribute(Permission.Anyone) { OfNobody = true },
                new NoDoorAttribute("Asked by balancers every second."));
        if (demo)
            await DemoData.Ensure(app.Services, password =>
                Northwind.Make(configuration, installation.ConnectionString, publicUrl, password));
        if (configuration.GetSection("Apps").GetChildren().Select(a => new AppView(a.Key.ToLowerInvariant(), a.Value ?? ""))
            .ToList() is { Count: > 0 } apps)
            await app.Services.GetRequiredService<IMediator>().Send(new OfferApps(apps), app.Lifetime.ApplicationStopping);
        return app;
    }
}
