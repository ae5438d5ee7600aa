using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// A real mail server (aiosmtpd, Debian package python3-aiosmtpd) on a loopback port of its own, as a process of its own; what it was given
/// is read by Python's mail parser. Tests say how it answers, stop it and start it again. Ended by its own process id.
/// </summary>
public sealed class MailServer : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("smtp-").FullName;
    readonly string[] _options;
    Process? _server;

    MailServer(string? user, string? password, bool tls, bool implicitly)
    {
        (Port, _options) = (Ports.Free(), [user ?? "-", password ?? "-", tls ? Certificate() : "-", implicitly ? "implicit" : "-"]);
        Start();
    }

    public int Port { get; }

    /// <summary>PEM of the certificate for localhost, which is its own authority; exists with TLS only.</summary>
    public string AuthorityFile => Path.Combine(_folder, "authority.pem");

    /// <param name="user">Set to ask for a sign-in.</param>
    /// <param name="password">Good as an access token (XOAUTH2), too.</param>
    /// <param name="tls">Whether STARTTLS is offered, and nothing taken without it.</param>
    /// <param name="implicitly">With <paramref name="tls"/>: encrypted from the first byte instead.</param>
    public static MailServer Start(string? user = null, string? password = null, bool tls = false, bool implicitly = false) =>
        new(user, password, tls, implicitly);

    public void Start()
    {
        _server = Process.Start(new ProcessStartInfo("/usr/bin/python3",
            [Path.Combine(AppContext.BaseDirectory, "Support", "smtp.py"), _folder, $"{Port}", .. _options])
        {
            RedirectStandardOutput = true,
        })!;
        if (_server.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException("The mail server did not start; is python3-aiosmtpd installed?");
    }

    /// <summary>Again, after a stop, with another password.</summary>
    public void Start(string password)
    {
        _options[1] = password;
        Start();
    }

    public void Stop()
    {
        _server!.Kill();
        _server.WaitForExit(5000);
        _server.Dispose();
    }

    /// <summary>From now on: <c>Answer("nobody@acme.example", "550 5.1.1 No such user")</c>;
    /// <c>*</c> is anybody, <c>MAIL</c> the sender, <c>wait 0.4</c> takes so many seconds to say yes to a recipient, no reply means that
    /// all is taken at once.</summary>
    public void Answer(string recipient, string? reply)
    {
        var path = Path.Combine(_folder, "answers");
        File.WriteAllText(path + ".new", reply is null ? "" : $"{recipient} {reply}\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Recipients that somebody tried, taken or not.</summary>
    public string[] Asked => File.Exists(Path.Combine(_folder, "asked")) ? File.ReadAllLines(Path.Combine(_folder, "asked")) : [];

    /// <summary>What was said to sign in by access tokens, in order, <c>|</c> in place of octet 1.</summary>
    public string[] Tokens => File.Exists(Path.Combine(_folder, "tokens")) ? File.ReadAllLines(Path.Combine(_folder, "tokens")) : [];

    /// <summary>In the order of arrival.</summary>
    public IReadOnlyList<Taken> Mails => [.. Directory.EnumerateFiles(_folder, "*.json").Order(StringComparer.Ordinal)
        .Select(f => JsonSerializer.Deserialize<Taken>(File.ReadAllText(f), JsonSerializerOptions.Web)!)];

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    string Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(AuthorityFile, certificate.ExportCertificatePem());
        var both = Path.Combine(_folder, "server.pem");
        File.WriteAllText(both, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return both;
    }

    /// <param name="Line">Which connection it came over, counted from 1.</param>
    public sealed record Taken(string From, string[] To, string Subject, string MessageId, string? AutoSubmitted, string? Date, string Type,
        string? Text, string? Html, bool Tls, bool SignedIn, int Line);
}
