using DirectoryPlatform.Domains.Internal.Dns;
using DirectoryPlatform.Domains.Internal.Https;
using DirectoryPlatform.Domains.Internal.Proof;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DirectoryPlatform.Domains;

public static class DomainProofRegistration
{
    /// <summary>Registers <see cref="IProofOfDomain"/> and <see cref="ITxtLookup"/>
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
        services.AddSingleton<IPageLookup, PageLookup>();
        services.AddSingleton<IOutsideHttp, OutsideHttp>();
        services.AddSingleton<ProofByDns>();
        services.AddSingleton<ProofByHttps>();
        services.AddSingleton<IProofOfDomain, ProofOfDomain>();
        return services;
    }
}
