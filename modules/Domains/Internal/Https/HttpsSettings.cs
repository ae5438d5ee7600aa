using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace DirectoryPlatform.Domains.Internal.Https;

/// <summary>Limits of the page look-up (SPEC D6) and what a lab may open. Section <c>Domains:Https</c>.</summary>
sealed record HttpsSettings
{
    /// <summary><c>Domains:Https:Port</c>, default 443.</summary>
    public int Port { get; init; } = 443;

    /// <summary><c>Domains:Https:AllowPrivateAddresses</c>, default false. For labs:
    /// lets an administrator of any organization reach the inner network.</summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary><c>Domains:Https:TrustedCertificateFile</c>: PEM file of authorities trusted beside the system's. For labs.</summary>
    public X509Certificate2Collection Trusted { get; init; } = [];

    /// <summary><c>Domains:Https:ConnectTimeoutSeconds</c>, default 3: one connection with its TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary><c>Domains:Https:TotalTimeoutSeconds</c>, default 10: name look-up, redirects and body together.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of body that are read; a longer page is refused, not cut.</summary>
    public int LongestBody { get; init; } = 64 * 1024;

    /// <exception cref="InvalidOperationException">A setting makes no sense; the message names it.</exception>
    public static HttpsSettings From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Domains:Https");
        return new HttpsSettings
        {
            Port = (int)Number(section, "Port", 443, ushort.MaxValue),
            AllowPrivateAddresses = section["AllowPrivateAddresses"] switch
            {
                null or "" => false,
                var text when bool.TryParse(text, out var allowed) => allowed,
                var text => throw new InvalidOperationException(
                    $"{section.Path}:AllowPrivateAddresses is \"{text}\", expected true or false."),
            },
            Trusted = Authorities(section["TrustedCertificateFile"]),
            ConnectTimeout = TimeSpan.FromSeconds(Number(section, "ConnectTimeoutSeconds", 3, 60)),
            TotalTimeout = TimeSpan.FromSeconds(Number(section, "TotalTimeoutSeconds", 10, 60)),
        };
    }

    static X509Certificate2Collection Authorities(string? file)
    {
        var authorities = new X509Certificate2Collection();
        if (!string.IsNullOrEmpty(file))
            authorities.ImportFromPemFile(file);
        return authorities;
    }

    static double Number(IConfigurationSection section, string key, double otherwise, double most) => section[key] switch
    {
        null or "" => otherwise,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0
            && number <= most => number,
        var text => throw new InvalidOperationException($"{section.Path}:{key} is \"{text}\", expected a number above 0, at most {most}."),
    };
}
