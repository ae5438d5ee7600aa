using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Reporting.Exports;
using DirectoryPlatform.Reporting.ManagedAccounts;
using DirectoryPlatform.Reporting.Users;
using DirectoryPlatform.Reporting.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DirectoryPlatform.Reporting;

public static class ReportingRegistration
{
    public static IServiceCollection AddReporting(this IServiceCollection services)
    {
        services.TryAddSingleton(new WebhookSettings());
        return services.AddParts();
    }

    static IServiceCollection AddParts(this IServiceCollection services) => services
        .AddCache<RecentCounters>()
        .AddCache<RecentUserCounts>()
        .AddCache<RecentGrowth>()
        .AddSingleton<ManagedAccountCounters>()
        .AddSingleton<ManagedAccountRows>()
        .AddSingleton<SiteUserRows>()
        .AddTransient<ExportSource>()
        .AddTransient<IBulkJob, ExportJob>()
        .AddSingleton<IErasePersonalData, ForgetExports>()
        .AddSingleton<IDeleteOrganizationData, ForgetWebhooks>()
        .AddSingleton<IRecurring, DeleteExpiredExports>()
        .AddSingleton<WebhookStore>()
        .AddSingleton<WebhookPost>()
        .AddHostedService<WebhookDelivery>()
        .AddSingleton<IRecurring, ForgetOldTries>();
}
