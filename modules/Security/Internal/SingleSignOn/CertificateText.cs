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

    /// <summary>Shown of a certificate's name (own choice).</summary>
    const int LongestSubject = 200;

    const string Field = "certificates";

    /// <summary>A provider may go on signing with an old one.</summary>
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
        Unfit? first = null;
        foreach (var block in blocks)
        {
            var (fit, unfit, name) = One(block, now);
            if (unfit is not null)
            {
                first ??= unfit;
                leftOut.Add($"{name}: {unfit.Why}");
            }
            else if (taken.All(c => c.Fingerprint != fit!.Fingerprint)) taken.Add(fit!);
        }
        return taken.Count == 0
            ? new InvalidValue(Field, first!.Advice is { } advice ? $"{first.Why} {advice}" : first.Why)
            : taken.Count > Most
                ? new InvalidValue(Field, $"Enter at most {Most} certificates: the current one, and those that will replace it.")
            : new ReadCertificates(taken, [.. leftOut.Distinct().Take(MostLeftOut)]);
    }

    public static X509Certificate2 Load(ProviderCertificate certificate) =>
        X509CertificateLoader.LoadCertificate(Convert.FromBase64String(certificate.Base64));

    /// <summary>Why a certificate cannot be taken.</summary>
    /// <param name="Advice">Said besides where there is no other certificate.</param>
    sealed record Unfit(string Why, string? Advice = null);

    /// <returns>Either the certificate or why it cannot be taken, and what it is called.</returns>
    static (ProviderCertificate? Fit, Unfit? Unfit, string Name) One(string block, DateTimeOffset now)
    {
        try
        {
            using var certificate =
                X509CertificateLoader.LoadCertificate(Convert.FromBase64String(string.Concat(block.Where(c => !char.IsWhiteSpace(c)))));
            var unfit = Fault(certificate, now);
            return (unfit is null ? Taken(certificate) : null, unfit, Shown(certificate.Subject));
        }
        catch (Exception torn)
        when (torn is FormatException or CryptographicException)
        {
            return (null, new("This is not a certificate. Paste all of it, including the BEGIN and END lines."), "No name");
        }
    }

    /// <returns>Null when it can be taken.</returns>
    static Unfit? Fault(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var key = certificate.GetRSAPublicKey();
        if (key is null) return new("This certificate does not use an RSA key. Only RSA is supported.");
        if (key.KeySize < LeastBits) return new($"This certificate’s key has {key.KeySize} bits. The minimum is {LeastBits}.");
        return certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime
            ? new($"This certificate expired on {certificate.NotAfter.ToUniversalTime():d MMMM yyyy}.", Renew)
            : null;
    }

    static ProviderCertificate Taken(X509Certificate2 certificate) =>
        new(Convert.ToBase64String(certificate.RawData), Shown(certificate.Subject), certificate.NotBefore.ToUniversalTime(),
            certificate.NotAfter.ToUniversalTime(), Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)));

    /// <summary>Whoever made the certificate wrote its name: the database takes no NUL, and no sign may turn the text around it.</summary>
    static string Shown(string subject) => PlainText.Readable(subject) switch
    {
        "" => "No name",
        var name when PlainText.Length(name) > LongestSubject => $"{PlainText.Cut(name, LongestSubject)}…",
        var name => name,
    };

    /// <summary>Also one that is torn: it is told of, and not passed over.</summary>
    [GeneratedRegex("-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----")]
    private static partial Regex Pem();
}
