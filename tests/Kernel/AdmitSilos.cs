using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Whoever reaches a silo could send commands in anybody's name: it takes nobody but silos of its own installation.</summary>
[Trait("Rule", "R2")]
public sealed class AdmitSilos : OnInstallation
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    ClusterAuthority Authority => Here.Services.GetRequiredService<ClusterAuthority>();

    [Fact]
    public async Task A_silo_in_a_cluster_hangs_up_on_whoever_shows_no_certificate_of_the_installation()
    {
        var silo = new LocalSilo();
        await using var hosting = ActivatorUtilities.CreateInstance<SiloHosting>(Here.Services, silo);
        await hosting.Begin(new(Here.ConnectionString, new(IPAddress.Loopback, Ports.Free())));
        var address = silo.Now!.Address.Endpoint;
        using var certificates = new Certificates(await Authority.Open(default));

        (await IsHungUpOn(address, null)).ShouldBeTrue("plain TCP");
        (await IsHungUpOn(address, [])).ShouldBeTrue("TLS without a certificate");
        (await IsHungUpOn(address, [certificates.SelfMade])).ShouldBeTrue("TLS with a certificate that somebody made");
        (await IsHungUpOn(address, [certificates.OfAnother])).ShouldBeTrue("TLS with a certificate of another installation");
        (await IsHungUpOn(address, [certificates.Good])).ShouldBeFalse("the control: a silo of the installation");
    }

    [Fact]
    public async Task A_silo_trusts_certificates_of_the_installation_alone_and_only_for_their_time()
    {
        var own = await Authority.Open(default);
        using var certificates = new Certificates(own);
        own.Admits(certificates.Good).ShouldBeTrue();
        (await Authority.Open(default)).Admits(certificates.Good).ShouldBeTrue("another node of it");
        own.Admits(certificates.SelfMade).ShouldBeFalse();
        own.Admits(certificates.OfAnother).ShouldBeFalse();
        Here.Clock.Pass(TimeSpan.FromDays(20));
        own.Own.ShouldNotBe(certificates.Good, "made anew long before its end");
        own.Admits(certificates.Good).ShouldBeTrue();
        Here.Clock.Pass(TimeSpan.FromDays(20));
        own.Admits(certificates.Good).ShouldBeFalse("its time is over");
        own.Admits(own.Own).ShouldBeTrue();
    }

    [Fact, Trait("Rule", "S14")]
    public async Task Nodes_that_begin_at_once_have_one_authority_whose_key_is_sealed()
    {
        await using var other = Here.AnotherNode();
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            (i % 2 == 0 ? Authority : other.Services.GetRequiredService<ClusterAuthority>()).Open(default)));
        foreach (var one in both) both[0].Admits(one.Own).ShouldBeTrue();
        var key = (await Here.Rows<byte[]>("select sealed_key from kernel.cluster_authority")).ShouldHaveSingleItem();
        using var reader = ECDsa.Create();
        Should.Throw<CryptographicException>(() => reader.ImportPkcs8PrivateKey(key, out _));
        reader.ImportPkcs8PrivateKey(
            Here.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("cluster authority").Unprotect(key), out _);
    }

    /// <param name="shown">Null for a stranger without TLS.</param>
    static async Task<bool> IsHungUpOn(IPEndPoint address, X509Certificate2[]? shown)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address);
        Stream stream = client.GetStream();
        try
        {
            if (shown is not null)
            {
                var tls = new SslStream(stream);
                stream = tls;
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
                {
                    TargetHost = "silo",
                    ClientCertificates = [.. shown],
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                }).WaitAsync(Patience);
            }
            else await stream.WriteAsync(new byte[64]);
            // A stranger is hung up on within the handshake, as soon as it has shown what it has.
            return await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(3)) == 0;
        }
        catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException) { return true; }
        catch (TimeoutException) { return false; }
    }

    sealed class Certificates : IDisposable
    {
        public Certificates(SiloCertificates own)
        {
            Good = own.Own;
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var name = Request(key, Good.SubjectName).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
            SelfMade = Usable(name);
            // One that calls itself as ours does.
            using var theirs = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest(Good.IssuerName, theirs, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
            using var authority = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
            using var made = Request(key, Good.SubjectName).Create(authority, Now.AddDays(-1), Now.AddDays(1), [1, 2, 3, 4]);
            using var whole = made.CopyWithPrivateKey(key);
            OfAnother = Usable(whole);
        }

        static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

        public X509Certificate2 Good { get; }
        public X509Certificate2 SelfMade { get; }
        public X509Certificate2 OfAnother { get; }

        static CertificateRequest Request(ECDsa key, X500DistinguishedName name)
        {
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.2")], true));
            return request;
        }

        static X509Certificate2 Usable(X509Certificate2 made) =>
            X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);

        public void Dispose()
        {
            SelfMade.Dispose();
            OfAnother.Dispose();
        }
    }
}
