using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Reporting.Exports;
using DirectoryPlatform.Reporting.ManagedAccounts;
using DirectoryPlatform.Reporting.Users;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Reporting;

public static class ReportingRegistration
{
    public static IServiceCollection AddReporting(this IServiceCollection services) => services
        .AddCache<RecentCounters>()
        .AddCache<RecentUserCounts>()
        .AddCache<RecentGrowth>()
        .AddSingleton<ManagedAccountCounters>()
        .AddSingleton<ManagedAccountRows>()
        .AddSingleton<SiteUserRows>()
        .AddTransient<ExportSource>()
        .AddTransient<IBulkJob, ExportJob>()
        .AddSingleton<IErasePersonalData, ForgetExports>()
        .AddSingleton<IDeleteOrganizationData, ForgetExports>()
        .AddSingleton<IRecurring, DeleteExpiredExports>();
}
