using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Support;

/// <summary>A real identity provider (samlp, from npm) as a process of its own on a loopback port; tests say how it answers. Ended by its
/// own process id.</summary>
public sealed partial class IdentityProvider : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("idp-").FullName;
    readonly Process _server;
    readonly HttpClient _client = new();

    IdentityProvider()
    {
        Port = Ports.Free();
        NewKey();
        _server = Process
            .Start(new ProcessStartInfo("node", ["--no-deprecation", Path.Combine(AppContext.BaseDirectory, "Support", "idp.js"), $"{Port}",
                _folder])
            { RedirectStandardOutput = true })!;
        if (_server.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException("The identity provider did not start; are the npm packages installed?");
    }

    public int Port { get; }

    /// <summary>By a name, so that to a product on 127.0.0.1 it is another site.</summary>
    public string Address => $"http://localhost:{Port}";

    public string Authority => $"localhost:{Port}";
    public string EntityId => $"{Address}/entity";
    public string SignInAddress => $"{Address}/sso";

    /// <summary>PEM.</summary>
    public string Certificate => File.ReadAllText(Path.Combine(_folder, "cert.pem"));

    public static IdentityProvider Start() => new();

    public Task<string> Metadata() => _client.GetStringAsync($"{Address}/metadata");

    /// <summary>From now on, as options of samlp in JSON.</summary>
    public void Answer(string json) => File.WriteAllText(Path.Combine(_folder, "answer"), json);

    /// <summary>What it was asked, oldest first, as JSON.</summary>
    public string[] Asked => File.ReadAllLines(Path.Combine(_folder, "asked"));

    /// <summary>Signs with another key from now on.</summary>
    public void NewKey()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=Test provider", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90));
        File.WriteAllText(Path.Combine(_folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>What a browser would post for somebody who signs in as this person.</summary>
    /// <param name="address">Where the browser was led.</param>
    public async Task<string> SignIn(Uri address, string who)
    {
        var page = await _client.GetStringAsync($"{address}&who={Uri.EscapeDataString(who)}");
        return WebUtility.HtmlDecode(Response().Match(page).Groups[1].Value);
    }

    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit(5000);
        _server.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("name=\"SAMLResponse\"\\s+value=\"([^\"]*)\"")]
    private static partial Regex Response();
}
