using System.Reflection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Quartz;

namespace DirectoryPlatform.Kernel;

/// <summary>What the kernel needs to know from outside.</summary>
/// <param name="SoleNode">True for the embedded database: then one fixed scheduler id makes recovery after a crash immediate.</param>
public sealed record KernelSettings(string ConnectionString, MailSettings Mail, bool SoleNode);

public static class KernelRegistration
{
    /// <summary>Database, mediator, outbox, jobs and mail for these modules, lowest first.</summary>
    public static IServiceCollection AddKernel(this IServiceCollection services, KernelSettings settings, IReadOnlyList<Assembly> modules)
    {
        services.AddSingleton(settings.Mail);
        services.AddSingleton(_ => Database.Open(settings.ConnectionString));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new FactTypes(modules));
        services.AddMediation(modules);
        services.AddKeyedSingleton<Wake>(OutboxDelivery.WakeKey);
        services.AddKeyedSingleton<Wake>(MailSending.WakeKey);
        services.AddHostedService<OutboxDelivery>();
        services.AddHostedService<MailSending>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<Post>();
        services.AddSingleton<Remembered>();
        services.AddSingleton<JobScheduling>();
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<JobWorker>(p, p.GetRequiredKeyedService<Wake>(OutboxDelivery.WakeKey)));
        services.AddSingleton<IRecurring, KeepJobsRunning>();
        services.AddTransient<RunJobRange>().AddTransient<RunRecurring>();
        services.AddHostedService<RecurringRegistration>();
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(o =>
            {
                o.InstanceName = "DirectoryPlatform";
                if (settings.SoleNode) o.InstanceId = "sole";
                o.IdleWaitTime = TimeSpan.FromSeconds(1);
            });
            quartz.UseDefaultThreadPool(8);
            quartz.UsePersistentStore(store =>
            {
                store.ConfigureStore(o =>
                {
                    o.TablePrefix = QuartzSchema.TablePrefix;
                    o.SchemaProvisioning = SchemaProvisioning.None;
                });
                store.UsePostgres(NpgsqlFactory.Instance, settings.ConnectionString);
                store.UseSystemTextJsonSerializer(_ => { });
                // Without clustering a sole node recovers its own jobs at start; a cluster sees a dead node after a missed check-in.
                if (!settings.SoleNode) store.UseClustering(c =>
                {
                    c.CheckinInterval = TimeSpan.FromSeconds(2);
                    c.CheckinMisfireThreshold = TimeSpan.FromSeconds(3);
                });
            });
        });
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = false);
        services.AddDataProtection();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(p =>
            new ConfigureOptions<KeyManagementOptions>(o => o.XmlRepository = new DataProtectionKeys(p.GetRequiredService<NpgsqlDataSource>())));
        return services;
    }

    /// <summary>One kind of grain, its store and its host.</summary>
    public static IServiceCollection AddGrains<TState, TFact, TStore>(this IServiceCollection services)
        where TState : class
        where TFact : Fact
        where TStore : GrainStore<TState, TFact> => services
            .AddSingleton<GrainStore<TState, TFact>, TStore>()
            .AddSingleton<IGrains<TState, TFact>, PostgresGrains<TState, TFact>>();
}
