using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Security.Internal.SingleSignOn;

/// <param name="LeftOut">Which were not, by their subjects, and why: a provider that changes its certificate shows both
/// for a while.</param>
sealed record ReadCertificates(IReadOnlyList<ProviderCertificate> Taken, IReadOnlyList<string> LeftOut);

/// <summary>Reads certificates as people paste them.</summary>
static partial class CertificateText
{
    /// <summary>Two for a roll-over; some providers publish a third beforehand (own choice).</summary>
    public const int Most = 4;

    /// <summary>What NIST SP 800-57 part 1 grants until 2030.</summary>
    const int LeastBits = 2048;

    /// <summary>Told; further ones are not news (own choice).</summary>
    const int MostLeftOut = 8;

    const string Field = "certificates", Over = "This certificate expired on";

    /// <summary>Said where there is no other certificate: a provider may go on signing with an old one.</summary>
    const string Renew = "Enter the one that replaces it. If the provider still signs with this one, renew it at the provider first.";

    /// <param name="text">PEM blocks, or one certificate in base64 alone.</param>
    public static Outcome<ReadCertificates> Read(string? text, DateTimeOffset now)
    {
        var blocks = Pem().Matches(text ?? "").Select(m => m.Groups[1].Value).ToList();
        if (blocks.Count == 0 && !string.IsNullOrWhiteSpace(text)) blocks = [text];
        return Of(blocks, now);
    }

    /// <summary>Refused only when none of them can be taken, with what is wrong with the first.</summary>
    /// <param name="blocks">Base64 with whatever white space.</param>
    public static Outcome<ReadCertificates> Of(IReadOnlyList<string> blocks, DateTimeOffset now)
    {
        if (blocks.Count == 0) return new InvalidValue(Field, "Paste the provider’s signing certificate.");
        var (taken, leftOut) = (new List<ProviderCertificate>(), new List<string>());
        Refusal? first = null;
        foreach (var block in blocks)
        {
            var (one, name) = One(block, now);
            if (!one.Granted)
            {
                first ??= one.Refusal;
                leftOut.Add($"{name}: {(one.Refusal as InvalidValue)?.Why}");
            }
            else if (taken.All(c => c.Fingerprint != one.Value.Fingerprint)) taken.Add(one.Value);
        }
        return taken.Count == 0
            ? first is InvalidValue { Why: var why } && why.StartsWith(Over, StringComparison.Ordinal)
                ? new InvalidValue(Field, $"{why} {Renew}")
                : first!
            : taken.Count > Most
                ? new InvalidValue(Field, $"Enter at most {Most} certificates: the current one, and those that will replace it.")
            : new ReadCertificates(taken, [.. leftOut.Distinct().Take(MostLeftOut)]);
    }

    public static X509Certificate2 Load(ProviderCertificate certificate) =>
        X509CertificateLoader.LoadCertificate(Convert.FromBase64String(certificate.Base64));

    /// <returns>Beside it what it is called.</returns>
    static (Outcome<ProviderCertificate> Read, string Name) One(string block, DateTimeOffset now)
    {
        try
        {
            using var certificate =
                X509CertificateLoader.LoadCertificate(Convert.FromBase64String(string.Concat(block.Where(c => !char.IsWhiteSpace(c)))));
            return (Judge(certificate, now), Shown(certificate.Subject));
        }
        catch (Exception torn)
        when (torn is FormatException or CryptographicException)
        {
            return (new InvalidValue(Field, "This is not a certificate. Paste all of it, including the BEGIN and END lines."), "No name");
        }
    }

    static Outcome<ProviderCertificate> Judge(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var key = certificate.GetRSAPublicKey();
        if (key is null) return new InvalidValue(Field, "This certificate does not use an RSA key. Only RSA is supported.");
        if (key.KeySize < LeastBits)
            return new InvalidValue(Field, $"This certificate’s key has {key.KeySize} bits. The minimum is {LeastBits}.");
        if (certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime)
            return new InvalidValue(Field, $"{Over} {certificate.NotAfter.ToUniversalTime():d MMMM yyyy}.");
        return new ProviderCertificate(Convert.ToBase64String(certificate.RawData), Shown(certificate.Subject),
            certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime(),
            Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)));
    }

    static string Shown(string subject) => subject.Length switch { 0 => "No name", > 200 => subject[..200] + "…", _ => subject };

    [GeneratedRegex("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*)-----END CERTIFICATE-----")]
    private static partial Regex Pem();
}
