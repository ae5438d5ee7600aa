using DirectoryPlatform.Accounts.Bulk;
using DirectoryPlatform.Accounts.Claiming;
using DirectoryPlatform.Accounts.Lifecycle;
using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Accounts;

public static class AccountsRegistration
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddGrains<Account, AccountFact, AccountStore>()
        .AddSingleton<AccountStore>()
        .AddSingleton<AccountReading>()
        .AddSingleton(NameKeys.Accounts).AddSingleton(NameKeys.Profiles)
        .AddCache<RecentDomainCounts>()
        .AddSingleton<AccountConditions>()
        .AddSingleton<Profiles.PictureMaking>()
        .AddSingleton<ClaimDrafts>()
        .AddSingleton<ClaimNumbers>()
        .AddSingleton<ClaimRanges>()
        .AddTransient<IBulkJob, ClaimJob>()
        .AddTransient<IBulkJob, UnclaimJob>()
        .AddSingleton<BulkDrafts>()
        .AddSingleton<BulkNumbers>()
        .AddSingleton<BulkDeeds>()
        .AddSingleton<IErasePersonalData, ForgetAccounts>()
        .AddSingleton<IDeleteOrganizationData, ForgetDrafts>()
        .AddTransient<IBulkJob, BulkJob>()
        .AddSingleton<IRecurring, LeftAddresses>()
        .AddSingleton<IRecurring, DueDeletions>();
}
