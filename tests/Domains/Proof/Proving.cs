using DirectoryPlatform.Domains;
using DirectoryPlatform.Domains.Internal.Proof;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Domains.Proof;

/// <summary>The module as the host builds it, from settings alone.</summary>
sealed class Proving : IDisposable
{
    readonly ServiceProvider _services;

    public Proving(params (string Key, string Value)[] settings) => _services = new ServiceCollection()
        .AddDomainProof(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => "Domains:" + s.Key, s => (string?)s.Value)).Build())
        .BuildServiceProvider();

    public static readonly DomainName Acme = DomainName.Parse("acme.example").Value;
    public const string Token = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6QUJDREVGR0hJSktM";

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public Task<Evidence> Look(ProofMethod method, DomainName? domain = null, string token = Token) =>
        Get<ProofOfDomain>().Look(domain ?? Acme, token, method, CancellationToken.None);

    public void Dispose() => _services.Dispose();
}
