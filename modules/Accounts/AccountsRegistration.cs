using DirectoryPlatform.Accounts.Claiming;
using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Accounts;

public static class AccountsRegistration
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddGrains<Account, AccountFact, AccountStore>()
        .AddSingleton<AccountStore>()
        .AddSingleton<AccountReading>()
        .AddSingleton<Profiles.PictureMaking>()
        .AddSingleton<ClaimDrafts>()
        .AddSingleton<ClaimNumbers>()
        .AddSingleton<ClaimRanges>()
        .AddTransient<IBulkJob, ClaimJob>()
        .AddTransient<IBulkJob, UnclaimJob>();
}
