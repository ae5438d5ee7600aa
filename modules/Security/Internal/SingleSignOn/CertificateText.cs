using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Security.Internal.SingleSignOn;

/// <summary>Reads certificates as people paste them.</summary>
static partial class CertificateText
{
    /// <summary>Two for a roll-over; some providers publish a third beforehand (own choice).</summary>
    public const int Most = 4;

    /// <summary>What NIST SP 800-57 part 1 grants until 2030.</summary>
    const int LeastBits = 2048;

    const string Field = "certificates";

    /// <param name="text">PEM blocks, or one certificate in base64 alone.</param>
    public static Outcome<IReadOnlyList<ProviderCertificate>> Read(string? text, DateTimeOffset now)
    {
        var blocks = Pem().Matches(text ?? "").Select(m => m.Groups[1].Value).ToList();
        if (blocks.Count == 0 && !string.IsNullOrWhiteSpace(text)) blocks = [text];
        return Of(blocks, now);
    }

    /// <param name="blocks">Base64 with whatever white space.</param>
    public static Outcome<IReadOnlyList<ProviderCertificate>> Of(IReadOnlyList<string> blocks, DateTimeOffset now)
    {
        if (blocks.Count == 0) return new InvalidValue(Field, "Paste the provider’s signing certificate.");
        var all = new List<ProviderCertificate>();
        foreach (var block in blocks)
        {
            var one = One(block, now);
            if (!one.Granted) return one.Refusal;
            if (all.All(c => c.Fingerprint != one.Value.Fingerprint)) all.Add(one.Value);
        }
        return all.Count > Most
            ? new InvalidValue(Field, $"Enter at most {Most} certificates: the current one, and those that will replace it.")
            : all;
    }

    public static X509Certificate2 Load(ProviderCertificate certificate) =>
        X509CertificateLoader.LoadCertificate(Convert.FromBase64String(certificate.Base64));

    static Outcome<ProviderCertificate> One(string block, DateTimeOffset now)
    {
        try
        {
            using var certificate =
                X509CertificateLoader.LoadCertificate(Convert.FromBase64String(string.Concat(block.Where(c => !char.IsWhiteSpace(c)))));
            using var key = certificate.GetRSAPublicKey();
            if (key is null)
                return new InvalidValue(Field, "This certificate does not use an RSA key. Only RSA is supported.");
            if (key.KeySize < LeastBits)
                return new InvalidValue(Field, $"This certificate’s key has {key.KeySize} bits. The minimum is {LeastBits}.");
            if (certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime)
                return new InvalidValue(Field, $"This certificate expired on {certificate.NotAfter.ToUniversalTime():d MMMM yyyy}.");
            return new ProviderCertificate(Convert.ToBase64String(certificate.RawData), Shown(certificate.Subject),
                certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime(),
                Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)));
        }
        catch (Exception torn)
        when (torn is FormatException or CryptographicException)
        {
            return new InvalidValue(Field, "This is not a certificate. Paste all of it, including the BEGIN and END lines.");
        }
    }

    static string Shown(string subject) => subject.Length switch { 0 => "No name", > 200 => subject[..200] + "…", _ => subject };

    [GeneratedRegex("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*)-----END CERTIFICATE-----")]
    private static partial Regex Pem();
}
