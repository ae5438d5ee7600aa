using DirectoryPlatform.Reporting.Internal.Exports;
using DirectoryPlatform.Reporting.Internal.ManagedAccounts;
using DirectoryPlatform.Reporting.Internal.Policies;
using DirectoryPlatform.Reporting.Internal.Users;

namespace DirectoryPlatform.Reporting;

public static class ReportingRegistration
{
    public static IServiceCollection AddReporting(this IServiceCollection services) => services
        .AddCache<RecentCounters>()
        .AddCache<RecentUserCounts>()
        .AddCache<RecentUserStatistics>()
        .AddCache<RecentGrowth>()
        .AddCache<RecentActivity>()
        .AddCache<RecentPolicyCounts>()
        .AddSingleton<ManagedAccountRows>()
        .AddSingleton<SiteUserRows>()
        .AddTransient<ExportSource>()
        .AddTransient<IBulkJob, ExportJob>()
        .AddSingleton<IErasePersonalData, ForgetExports>()
        .AddSingleton<IDeleteOrganizationData, ForgetExports>()
        .AddSingleton<IRecurring, DeleteExpiredExports>();
}
