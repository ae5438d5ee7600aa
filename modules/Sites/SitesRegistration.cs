using DirectoryPlatform.Sites.Internal.Access;
using DirectoryPlatform.Sites.Internal.Bulk;
using DirectoryPlatform.Sites.Internal.Hearing;

namespace DirectoryPlatform.Sites;

public static class SitesRegistration
{
    public static IServiceCollection AddSites(this IServiceCollection services) => services
        .AddSingleton<IMailWording, MailWordingStore>()
        .AddSingleton<StandingStore>()
        .AddSingleton<KeptKeys, PeopleKeys>().AddSingleton(NameKeys.Sites).AddSingleton(NameKeys.Groups)
        .AddCache<KnownEntries>()
        .AddSingleton<IFilterAccounts, FilterByAccess>()
        .AddSingleton<IErasePersonalData, ForgetUsers>()
        .AddSingleton<IDeleteOrganizationData, ForgetGroups>()
        .AddTransient<InvitationService>()
        .AddSingleton<IBulkAction, InviteMany>()
        .AddChange(MembershipChange.Suspend)
        .AddChange(MembershipChange.Restore)
        .AddChange(MembershipChange.Remove);

    static IServiceCollection AddChange(this IServiceCollection services, MembershipChange change) =>
        services.AddSingleton<IBulkAction>(p => ActivatorUtilities.CreateInstance<ChangeUsers>(p, change));
}
