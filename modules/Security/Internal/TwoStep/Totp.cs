using System.Buffers.Binary;

namespace DirectoryPlatform.Security.Internal.TwoStep;

/// <summary>Time-based one-time passwords (RFC 6238) with the values that every authenticator app knows:
/// SHA-1, six digits, thirty seconds.</summary>
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

    /// <summary>RFC 4226, 5.3: four bytes of the digest, from where its last four bits say, as decimal digits.</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> digest = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, digest);
        var number = BinaryPrimitives.ReadUInt32BigEndian(digest[(digest[^1] & 0xF)..]) & 0x7FFF_FFFF;
        return (number % (uint)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The steps around now whose code this is, oldest first; every one is computed, whichever matches.</summary>
    public static IReadOnlyList<long> Matches(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        var found = new List<long>(1);
        for (var step = StepAt(now) - Drift; step <= StepAt(now) + Drift; step++)
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(Code(secret, step)),
                System.Text.Encoding.UTF8.GetBytes(code)))
                found.Add(step);
        return found;
    }

    /// <summary>What the QR code says: the form that apps agree on.</summary>
    public static string Uri(ReadOnlySpan<byte> secret, string email) => string.Create(CultureInfo.InvariantCulture,
        $"otpauth://totp/{Issuer}:{System.Uri.EscapeDataString(email)}?secret={Base32.Write(secret)}&issuer={Issuer}"
        + $"&algorithm=SHA1&digits={Digits}&period={SecondsPerStep}");

    const string Issuer = "DirectoryPlatform";
}

/// <summary>RFC 4648, 6, without padding: how apps let a key be typed.</summary>
static class Base32
{
    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new System.Text.StringBuilder((bytes.Length * 8 + 4) / 5);
        var (buffer, bits) = (0, 0);
        foreach (var b in bytes)
        {
            (buffer, bits) = ((buffer << 8 | b) & 0xFFF, bits + 8);
            for (; bits >= 5; bits -= 5) text.Append(Letters[buffer >> (bits - 5) & 31]);
        }
        if (bits > 0) text.Append(Letters[buffer << (5 - bits) & 31]);
        return text.ToString();
    }
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

    public static string Plain(string typed) => string.Concat(typed.Where(c => !char.IsWhiteSpace(c) && c != '-')).ToUpperInvariant();
}
