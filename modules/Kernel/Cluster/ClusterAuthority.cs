using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Kernel.Cluster;

/// <summary>
/// Says who is a silo of this installation: whoever shows a certificate of its authority, which lies in the database with its key sealed by
/// the key ring. So a node needs nothing that it does not have anyway, the database and the key file.
/// </summary>
sealed class ClusterAuthority(NpgsqlDataSource database, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>As long as an installation: who holds the key could make another one, and it admits nowhere else.</summary>
    const int Years = 50;

    readonly IDataProtector _protector = protection.CreateProtector("cluster authority");

    /// <summary>Made by the first node that asks.</summary>
    /// <exception cref="CryptographicException">The key does not open: it was sealed by a key ring that is gone.</exception>
    public async Task<SiloCertificates> Open(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        const string read = "select certificate, sealed_key as sealedKey from kernel.cluster_authority";
        if (await connection.QuerySingleOrDefaultAsync<Row>(read) is not { } row)
        {
            await connection.ExecuteAsync("""
                insert into kernel.cluster_authority (certificate, sealed_key) values (@Certificate, @SealedKey)
                on conflict (one) do nothing
                """, Make());
            row = await connection.QuerySingleAsync<Row>(read);
        }
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(_protector.Unprotect(row.SealedKey), out _);
        using var certificate = X509CertificateLoader.LoadCertificate(row.Certificate);
        return new(certificate.CopyWithPrivateKey(key), clock);
    }

    Row Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=DirectoryPlatform silos", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = clock.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - SiloCertificates.Skew, now.AddYears(Years));
        return new() { Certificate = certificate.RawData, SealedKey = _protector.Protect(key.ExportPkcs8PrivateKey()) };
    }

    sealed record Row
    {
        public byte[] Certificate { get; init; } = [];
        public byte[] SealedKey { get; init; } = [];
    }
}
