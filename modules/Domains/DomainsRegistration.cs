using DirectoryPlatform.Domains.Recheck;
using DirectoryPlatform.Domains.Storage;
using DirectoryPlatform.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Domains;

public static class DomainsRegistration
{
    public static IServiceCollection AddDomains(this IServiceCollection services) => services
        .AddGrains<Domain, DomainFact, DomainStore>()
        .AddSingleton<DomainReading>()
        .AddTransient<DomainCheck>()
        .AddSingleton<IRecurring, PendingChecks>();
}
