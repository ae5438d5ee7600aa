using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DirectoryPlatform.Kernel.Cluster;

/// <summary>What a silo shows to others, and what it asks them to show: a certificate of the installation's authority. The machine's trust
/// store is not asked, so that nobody who can get a certificate elsewhere is let in.</summary>
/// <param name="authority">With its key.</param>
sealed class SiloCertificates(X509Certificate2 authority, TimeProvider clock)
{
    /// <summary>So far may the clocks of two machines be apart.</summary>
    internal static readonly TimeSpan Skew = TimeSpan.FromDays(1);

    static readonly TimeSpan Life = TimeSpan.FromDays(30), Renewed = TimeSpan.FromDays(10);

    const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2";

    readonly Lock _lock = new();
    X509Certificate2? _own;
    DateTimeOffset _madeAt;

    /// <summary>Of this process alone: its key is in memory and nowhere else.</summary>
    public X509Certificate2 Own
    {
        get
        {
            lock (_lock)
            {
                var now = clock.GetUtcNow();
                if (_own is null || now - _madeAt > Renewed) (_own, _madeAt) = (Make(now), now);
                return _own;
            }
        }
    }

    public bool Admits(X509Certificate2 shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().LocalDateTime;
        return chain.Build(shown);
    }

    X509Certificate2 Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=silo", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(ForServers), new(ForClients)], critical: true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        // The installation's clock may have been put back since the authority was made.
        var from = now - Skew > authority.NotBefore ? now - Skew : authority.NotBefore;
        using var made = request.Create(authority, from, now + Life, RandomNumberGenerator.GetBytes(16));
        return made.CopyWithPrivateKey(key);
    }
}
