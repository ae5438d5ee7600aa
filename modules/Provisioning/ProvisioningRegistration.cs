using DirectoryPlatform.Provisioning.Internal;
using DirectoryPlatform.Provisioning.Internal.Groups;
using DirectoryPlatform.Provisioning.Internal.Storage;

namespace DirectoryPlatform.Provisioning;

public static class ProvisioningRegistration
{
    public static IServiceCollection AddProvisioning(this IServiceCollection services) => services
        .AddSingleton<IdentityDirectoryReading>()
        .AddCache<KnownProviders>()
        .AddSingleton<DirectoryTokens>()
        .AddSingleton<ProvisioningLock>()
        .AddSingleton(NameKeys.Directories)
        .AddTransient<ScimGroupReading>()
        .AddSingleton<IScimDiscovery, ScimDiscovery>()
        .AddSingleton<ReleaseService>()
        .AddSingleton<UserDeeds>()
        .AddSingleton<OtherIdentities>()
        .AddSingleton<IErasePersonalData, ForgetProvisioning>()
        .AddSingleton<IDeleteOrganizationData, ForgetProvisioning>()
        .AddSingleton<IRecurring, ProvisioningNotes>()
        .AddSingleton<IRecurring, GiveBackRemoved>()
        .AddSingleton<IRecurring, ReleaseForgotten>();
}
