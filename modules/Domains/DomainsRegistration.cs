using DirectoryPlatform.Domains.Internal;
using DirectoryPlatform.Domains.Internal.Demo;
using DirectoryPlatform.Domains.Internal.Recheck;
using DirectoryPlatform.Domains.Internal.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Domains;

public static class DomainsRegistration
{
    /// <param name="demo">Whether names under .example are answered by the demo's zone (SPEC R3).</param>
    public static IServiceCollection AddDomains(this IServiceCollection services, IConfiguration configuration, bool demo)
    {
        services.AddDomainProof(configuration);
        if (demo)
            services.AddSingleton<ITxtLookup>(all => new DemoLookup(
                all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredKeyedService<ITxtLookup>(ITxtLookup.Network),
                all.GetRequiredService<TimeProvider>()));
        return services
            .AddGrains<Domain, DomainFact, DomainStore, IDomainGrain>()
            .AddSingleton<DomainReading>()
            .AddTransient<DomainCheck>()
            .AddSingleton<IRecurring, PendingChecks>();
    }
}
