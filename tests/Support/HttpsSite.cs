using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Tests.Support;

/// <summary>A real web server on a loopback port, with a certificate of its own authority for one host name.
/// The test says how it answers.</summary>
public sealed class HttpsSite : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly string _authorityFile = Path.GetTempFileName();
    int _requests;

    HttpsSite(string host, Func<HttpContext, Task> answer, DateTimeOffset validUntil)
    {
        var certificate = Certificate(host, validUntil);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        _app = builder.Build();
        _app.Run(context =>
        {
            Interlocked.Increment(ref _requests);
            return answer(context);
        });
    }

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>PEM of the authority that signed the site's certificate.</summary>
    public string AuthorityFile => _authorityFile;

    public int Requests => _requests;

    public static async Task<HttpsSite> Start(string host, Func<HttpContext, Task> answer, DateTimeOffset? validUntil = null)
    {
        var site = new HttpsSite(host, answer, validUntil ?? DateTimeOffset.UtcNow.AddDays(1));
        await site._app.StartAsync();
        return site;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero); // do not wait for slow answers
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        File.Delete(_authorityFile);
    }

    X509Certificate2 Certificate(string host, DateTimeOffset validUntil)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = authorityRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-9), DateTimeOffset.UtcNow.AddDays(9));
        File.WriteAllText(_authorityFile, authority.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-8), validUntil, RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }
}
