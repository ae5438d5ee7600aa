using DirectoryPlatform.Accounts.Internal.Actions;
using DirectoryPlatform.Accounts.Internal.Lifecycle;
using DirectoryPlatform.Accounts.Internal.Profile.Pictures;

namespace DirectoryPlatform.Accounts;

public static class AccountsRegistration
{
    /// <param name="pictures">See <see cref="PictureProgram.Of"/>.</param>
    public static IServiceCollection AddAccounts(this IServiceCollection services, PictureProgram pictures) => services
        .AddGrains<Account, AccountFact, AccountStore, IAccountGrain>()
        .AddSingleton<AccountStore>()
        .AddSingleton<AccountReading>()
        .AddSingleton(NameKeys.Accounts).AddSingleton(NameKeys.Profiles)
        .AddCache<RecentDomainCounts>()
        .AddSingleton<AccountConditions>()
        .AddSingleton(pictures).AddSingleton<PictureMaking>()
        .AddSingleton<AccountRanges>()
        .AddTransient<IBulkJob, UnclaimLostDomain>()
        .AddAccountAction<DeactivateAccounts>()
        .AddAccountAction<ReactivateAccounts>()
        .AddAccountAction<DeleteAccounts>()
        .AddAccountAction<CancelDeletions>()
        .AddAccountAction<ClaimAccounts>()
        .AddAccountAction<UnclaimAccounts>()
        .AddAccountAction<ReclaimAccounts>()
        .AddSingleton<IErasePersonalData, ForgetAccounts>()
        .AddSingleton<IDeleteOrganizationData, ForgetDrafts>()
        .AddSingleton<IRecurring, LeftAddresses>()
        .AddSingleton<IRecurring, DueDeletions>();

    /// <summary>Something that can be done to many accounts; menus have the actions in the order of these calls.</summary>
    public static IServiceCollection AddAccountAction<T>(this IServiceCollection services) where T : BulkAccountAction => services
        .AddSingleton<T>()
        .AddSingleton<BulkAccountAction>(p => p.GetRequiredService<T>())
        .AddSingleton<IBulkAction>(p => ActivatorUtilities.CreateInstance<AccountRun>(p, p.GetRequiredService<T>()));
}
