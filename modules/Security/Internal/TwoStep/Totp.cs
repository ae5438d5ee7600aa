using OtpNet;

namespace DirectoryPlatform.Security.Internal.TwoStep;

/// <summary>Time-based one-time passwords (RFC 6238) with the values that every authenticator app knows:
/// SHA-1, six digits, thirty seconds. The codes are Otp.NET's.</summary>
static class Totp
{
    public const int Digits = 6;

    /// <summary>RFC 6238, 5.2.</summary>
    const int SecondsPerStep = 30;

    /// <summary>Steps that a clock may be off to either side (RFC 6238, 5.2 recommends one).</summary>
    const int Drift = 1;

    /// <summary>160 bits (RFC 4226, 4, R6).</summary>
    public const int SecretBytes = 20;

    public static long StepAt(DateTimeOffset at) => at.ToUnixTimeSeconds() / SecondsPerStep;

    public static string Code(ReadOnlySpan<byte> secret, long step, int digits = Digits) =>
        new Hotp(secret.ToArray(), hotpSize: digits).ComputeHOTP(step);

    /// <summary>The steps around now whose code this is, oldest first; every one is computed, whichever matches.</summary>
    // Not Otp.NET's VerifyTotp: it names the first step that fits, and a code that was used there may still be good for the next.
    public static IReadOnlyList<long> Matches(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        var (hotp, typed, found) = (new Hotp(secret.ToArray(), hotpSize: Digits), Encoding.UTF8.GetBytes(code), new List<long>(1));
        for (var step = StepAt(now) - Drift; step <= StepAt(now) + Drift; step++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hotp.ComputeHOTP(step)), typed))
                found.Add(step);
        return found;
    }

    /// <summary>What the QR code says: the form that apps agree on.</summary>
    public static string Uri(ReadOnlySpan<byte> secret, string email) =>
        new OtpUri(OtpType.Totp, secret.ToArray(), email, Issuer, OtpHashMode.Sha1, Digits, SecondsPerStep).ToString();

    /// <summary>The key as apps let it be typed: RFC 4648, 6, without padding.</summary>
    public static string Typed(ReadOnlySpan<byte> secret) => secret.IsEmpty ? "" : Base32Encoding.ToString(secret.ToArray()).TrimEnd('=');

    const string Issuer = "DirectoryPlatform";
}

/// <summary>Ten codes for the day on which the phone is lost (SPEC S2): each good once, only hashes kept.</summary>
static class RecoveryCodes
{
    const int Count = 10;

    /// <summary>Without look-alikes; three groups of four of these are 58 bits.</summary>
    const string Letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string[] New() =>
        [.. Enumerable.Range(0, Count)
            .Select(_ => string.Join('-', Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetString(Letters, 4))))];

    /// <summary>With the account in it, so that equal codes of two people do not look equal. However the code is typed: case, spaces and
    /// dashes do not count.</summary>
    public static byte[] HashOf(AccountId account, string code) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"recovery code\n{account}\n{Plain(code)}"));

    public static string Plain(string typed) => string.Concat(typed.Where(c => !IsBetween(c))).ToUpperInvariant();

    /// <summary>Where codes were kept, word processors make other dashes of ours, and wrap them in marks that nobody sees.</summary>
    static bool IsBetween(char sign) => char.IsWhiteSpace(sign)
        || char.GetUnicodeCategory(sign) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;
}
