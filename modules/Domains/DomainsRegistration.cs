using DirectoryPlatform.Domains.Internal;
using DirectoryPlatform.Domains.Internal.Demo;
using DirectoryPlatform.Domains.Internal.Dns;
using DirectoryPlatform.Domains.Internal.Https;
using DirectoryPlatform.Domains.Internal.Proof;
using DirectoryPlatform.Domains.Internal.Recheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DirectoryPlatform.Domains;

public static class DomainsRegistration
{
    /// <param name="demo">Whether names under .example are answered by the demo's zone (SPEC R3).</param>
    public static IServiceCollection AddDomains(this IServiceCollection services, IConfiguration configuration, bool demo)
    {
        services.AddDomainProof(configuration);
        if (demo)
            services.AddSingleton<IPageLookup, DemoPages>().AddSingleton<ITxtLookup>(all => new DemoLookup(
                all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredKeyedService<ITxtLookup>(ITxtLookup.Network),
                all.GetRequiredService<TimeProvider>()));
        return services
            .AddGrains<Domain, DomainFact, DomainStore, IDomainGrain>()
            .AddSingleton<DomainOwners>()
            .AddSingleton<DomainReading>()
            .AddTransient<DomainCheck>()
            .AddSingleton<IRecurring, PendingChecks>();
    }

    /// <summary>Registers <see cref="ProofOfDomain"/> and <see cref="ITxtLookup"/>
    /// (which another registration may stand in front of, see there).</summary>
    /// <exception cref="InvalidOperationException">A setting under <c>Domains:Dns</c> or
    /// <c>Domains:Https</c> makes no sense; the message names it.</exception>
    public static IServiceCollection AddDomainProof(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(DnsSettings.From(configuration));
        services.AddSingleton(HttpsSettings.From(configuration));
        services.AddSingleton<DnsExchange>();
        services.AddSingleton<CnameResolver>();
        services.AddKeyedSingleton<ITxtLookup, NetworkTxtLookup>(ITxtLookup.Network);
        services.TryAddSingleton(all => all.GetRequiredKeyedService<ITxtLookup>(ITxtLookup.Network));
        services.AddSingleton<HostAddresses>();
        services.AddSingleton<PageLookup>();
        services.TryAddSingleton<IPageLookup>(all => all.GetRequiredService<PageLookup>());
        services.AddSingleton<IOutsideHttp, OutsideHttp>();
        services.AddSingleton<ProofByDns>();
        services.AddSingleton<ProofByHttps>();
        services.AddSingleton<ProofOfDomain>();
        return services;
    }
}
