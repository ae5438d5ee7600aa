using System.Reflection;
using DirectoryPlatform.Kernel.Clocks;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Kernel.Health;
using DirectoryPlatform.Kernel.Live;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;

namespace DirectoryPlatform.Kernel;

/// <summary>What the kernel needs to know from outside.</summary>
/// <param name="OwnsDatabase">True for the one process that runs the embedded database: under its fixed id it takes its own broken-off work
/// up at once after a crash. All others get an id of their own, and their work is taken up once their leases are over.</param>
public sealed record KernelSettings(string ConnectionString, MailSettings Mail, bool OwnsDatabase)
{
    /// <summary>Unless such settings are registered already, as tests do.</summary>
    public BackgroundSettings Background { get; init; } = new();

    /// <summary>What seals the secrets in the database; null when nothing does (SPEC S14).</summary>
    public KeyFile? Keys { get; init; }

    /// <summary>Whether the installation's clock can be moved: in a demo on its own database alone (SPEC R9).</summary>
    public bool ClockMoves { get; init; }

    /// <summary>Likewise.</summary>
    public DoorSettings Doors { get; init; } = new();
}

public static class KernelRegistration
{
    /// <summary>Database, mediator, outbox, jobs and mail for these modules, lowest first.</summary>
    public static IServiceCollection AddKernel(this IServiceCollection services, KernelSettings settings, IReadOnlyList<Assembly> modules)
    {
        services.AddSingleton(settings.Mail);
        services.TryAddSingleton(settings.Background);
        services.AddSingleton(_ => Database.Open(settings.ConnectionString)).AddSingleton<OwnTables>()
            .AddSingleton<Outage>();
        services.AddSingleton(p => new InstallationClock(p.GetRequiredService<NpgsqlDataSource>(), TimeProvider.System));
        services.TryAddSingleton<TimeProvider>(p => p.GetRequiredService<InstallationClock>());
        services.AddSingleton(new ClockSettings(settings.ClockMoves));
        services.AddHostedService<ClockKeeper>().AddHostedService(p => p.GetRequiredService<Presence>())
            .AddSingleton(p => new Presence(p.GetRequiredService<NpgsqlDataSource>(), p.GetRequiredService<Node>(),
                p.GetRequiredService<BackgroundSettings>(), p.GetRequiredService<Outage>(), p.GetRequiredService<ILogger<Presence>>()));
        services.AddSingleton(new FactTypes(modules));
        services.AddMediation(modules);
        services.AddKeyedSingleton<Wake>(OutboxDelivery.WakeKey);
        services.AddKeyedSingleton<Wake>(MailSending.WakeKey);
        services.AddSingleton<LiveChanges>();
        services.AddSingleton<Admissions>().AddCache<Revocations>().AddSingleton<Settlement>().AddSingleton<OtherNodes>()
            .AddSingleton<ISiloPart>(p => p.GetRequiredService<OtherNodes>()).AddSingleton<IRecurring, ForgetRevocations>();
        services.AddCache<LocalSilo>().AddCache<SilentSilos>().AddSingleton<ISiloPart, TurnCodec>();
        services.AddSingleton<ClusterAuthority>().AddSingleton<SiloHosting>();
        services.AddHostedService<OutboxDelivery>();
        services.AddSingleton<MailServerState>().AddHostedService<MailSending>();
        services.AddSingleton<SealedLog>().AddSingleton<AuditSealing>().AddHostedService(p => p.GetRequiredService<AuditSealing>());
        services.AddCache<RareSearch>();
        services.AddSingleton(new FairShares(new NpgsqlConnectionStringBuilder(settings.ConnectionString).MaxPoolSize,
            Environment.ProcessorCount, TimeProvider.System));
        services.AddSingleton<JobStore>();
        services.AddSingleton<BulkDrafts>().AddSingleton<BulkActions>().AddTransient<IBulkJob, BulkJob>()
            .AddSingleton<IRecurring>(p => p.GetRequiredService<BulkDrafts>());
        services.AddSingleton<MailQueue>().AddSingleton<UnitOfWork>();
        services.AddSingleton(new MailTemplates(modules, settings.Mail.Templates));
        services.AddSingleton<MailWriting>();
        services.AddSingleton<IRecurring, ForgetOldMail>();
        services.AddSingleton<RenewKeys>().AddSingleton<IRecurring>(p => p.GetRequiredService<RenewKeys>());
        services.AddSingleton<Remembered>();
        services.TryAddSingleton(settings.Doors);
        services.AddCache<SharedCounts>().AddSingleton<ISiloPart>(new CountStorage(settings)).AddSingleton<ISiloPart>(p =>
            new SiloService<CountParts>(new(p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<CountGrain>>())));
        services.AddSingleton<Limiter>().AddSingleton<ILimiter>(p => p.GetRequiredService<Limiter>())
            .AddSingleton<IRecurring>(p => p.GetRequiredService<Limiter>());
        services.AddSingleton(new Node(settings)).AddSingleton<RangeLeases>().AddSingleton<JobScheduling>();
        services.AddKeyedSingleton<Wake>(JobKeeper.WakeKey);
        services.AddSingleton(p =>
            ActivatorUtilities.CreateInstance<JobWorker>(p, p.GetRequiredKeyedService<Wake>(OutboxDelivery.WakeKey)));
        services.AddHostedService<JobKeeper>();
        services.AddSingleton<RecurringRows>().AddSingleton<IRecurring, FormerScheduler>().AddSingleton<IRecurring, StuckSessions>();
        services.AddHostedService<RecurringKeeper>();
        services.AddSingleton(new StalledWorkSettings()).AddHostedService(p => p.GetRequiredService<StalledWork>())
            .AddSingleton(p => new StalledWork(p.GetRequiredService<NpgsqlDataSource>(), p.GetRequiredService<TimeProvider>(),
                p.GetRequiredService<StalledWorkSettings>(), p.GetRequiredService<MailSettings>(),
                p.GetRequiredService<MailServerState>()));
        services.AddKeys(settings.Keys);
        return services;
    }

    /// <summary>For a host that sends its telemetry somewhere: what waits is counted, and traces go through grains.</summary>
    public static IServiceCollection AddWatching(this IServiceCollection services, WaitingWorkSettings settings) => services
        .AddSingleton(settings).AddHostedService<WaitingWork>().AddSingleton<ISiloPart, GrainSpans>();

    /// <summary>One kind of grain: its store, its grains, and the direct turn.</summary>
    public static IServiceCollection AddGrains<TState, TFact, TStore, TGrain>(this IServiceCollection services)
        where TState : class
        where TFact : Fact
        where TStore : GrainStore<TState, TFact>
        where TGrain : ITurnGrain<TState, TFact> => services
            .AddSingleton<GrainStore<TState, TFact>, TStore>()
            .AddSingleton<PostgresGrains<TState, TFact>>()
            .AddSingleton(all => new TurnParts<TState, TFact>(
                all.GetRequiredService<GrainStore<TState, TFact>>(),
                ActivatorUtilities.CreateInstance<GroupLoad<TState, TFact>>(all),
                ActivatorUtilities.CreateInstance<GroupCommit<TState, TFact>>(all),
                ActivatorUtilities.CreateInstance<SingleCommit<TState, TFact>>(all),
                all.GetRequiredService<PostgresGrains<TState, TFact>>(), all.GetRequiredService<TimeProvider>()))
            .AddSingleton<ISiloPart>(all => new SiloService<TurnParts<TState, TFact>>(all.GetRequiredService<TurnParts<TState, TFact>>()))
            .AddSingleton<Func<IGrainFactory, Guid, ITurnGrain<TState, TFact>>>((grains, id) => grains.GetGrain<TGrain>(id))
            .AddSingleton<IGrains<TState, TFact>, OrleansGrains<TState, TFact>>();
}
