using DirectoryPlatform.Accounts;
using DirectoryPlatform.Directory.Exports;
using DirectoryPlatform.Directory.ManagedAccounts;
using DirectoryPlatform.Directory.Provisioning;
using DirectoryPlatform.Directory.Users;
using DirectoryPlatform.Directory.Webhooks;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DirectoryPlatform.Directory;

public static class DirectoryRegistration
{
    public static IServiceCollection AddDirectory(this IServiceCollection services)
    {
        services.TryAddSingleton(new WebhookSettings());
        return services.AddParts();
    }

    static IServiceCollection AddParts(this IServiceCollection services) => services
        .AddCache<RecentCounters>()
        .AddCache<RecentUserCounts>()
        .AddCache<RecentGrowth>()
        .AddCache<AccountSearch>()
        .AddSingleton<ManagedAccountCounters>()
        .AddTransient<ExportSource>()
        .AddTransient<IBulkJob, ExportJob>()
        .AddSingleton<IForgetPeople, ForgetExports>()
        .AddSingleton<IForgetOrganizations, ForgetWebhooks>()
        .AddSingleton<IRecurring, DeleteExpiredExports>()
        .AddSingleton<WebhookStore>()
        .AddSingleton<WebhookPost>()
        .AddHostedService<WebhookDelivery>()
        .AddSingleton<IRecurring, ForgetOldTries>()
        .AddProvisioning();
}
