using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Names;
using DirectoryPlatform.Sites.Access;
using DirectoryPlatform.Sites.Bulk;
using DirectoryPlatform.Sites.Hearing;
using DirectoryPlatform.Sites.Invitations;
using DirectoryPlatform.Sites.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Sites;

public static class SitesRegistration
{
    public static IServiceCollection AddSites(this IServiceCollection services) => services
        .AddSingleton<IMailWording, MailWordingStore>()
        .AddSingleton<StandingStore>()
        .AddSingleton<KeptKeys, PeopleKeys>().AddSingleton(NameKeys.Sites).AddSingleton(NameKeys.Groups)
        .AddCache<RecentEntries>()
        .AddSingleton<IFilterAccounts, FilterByAccess>()
        .AddSingleton<IErasePersonalData, ForgetUsers>()
        .AddSingleton<IDeleteOrganizationData, ForgetGroups>()
        .AddTransient<InvitationService>()
        .AddTransient<UserNumbers>()
        .AddSingleton<UserDrafts>()
        .AddSingleton<IRecurring>(s => s.GetRequiredService<UserDrafts>())
        .AddTransient<IBulkJob, ChangeUsersJob>()
        .AddTransient<IBulkJob, InviteUsersJob>();
}
