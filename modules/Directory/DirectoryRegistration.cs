using DirectoryPlatform.Directory.ManagedAccounts;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Directory;

public static class DirectoryRegistration
{
    public static IServiceCollection AddDirectory(this IServiceCollection services) => services.AddSingleton<ManagedAccountCounters>();
}
