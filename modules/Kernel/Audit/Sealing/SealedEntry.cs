using System.Security.Cryptography;

namespace DirectoryPlatform.Kernel.Audit.Sealing;

/// <summary>An entry as it stands in the log or in a file. Whoever checks it needs nothing else:
/// all that is digested is here, in the very text.</summary>
/// <param name="AtMicroseconds">Since 1970, UTC.</param>
/// <param name="Fact">JSON in the database's own spelling, as are the other values.</param>
/// <param name="Personal">Null when there was nothing personal, or when it was erased; so, too, <paramref name="Address"/>.</param>
public sealed record AuditRow(
    Guid Id, long AtMicroseconds, Guid? Organization, Guid? Actor, Guid Subject, string Action, string Means, string? RequestId, Guid? Job,
    string? Fact, string? Before, string? After,
    string? Personal, Guid? Salt, string? Address, Guid? AddressSalt)
{
    /// <summary>SHA-256 over each part as its length in bytes, a colon and itself, or "-" for none: the same as the database's
    /// <c>kernel.audit_digest</c>, written a second time so that one checks the other.</summary>
    public byte[] Digest(byte[]? personal, byte[]? address)
    {
        var text = new StringBuilder(512);
        foreach (var part in (string?[])[
            Id.ToString(), AtMicroseconds.ToString(CultureInfo.InvariantCulture), Organization?.ToString(), Actor?.ToString(),
            Subject.ToString(), Action, Means, RequestId, Job?.ToString(), Fact, Before, After,
            Hex(personal), Hex(address)])
            if (part is null) text.Append('-');
            else text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(part)}:").Append(part);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    public static byte[] Salted(Guid salt, string value) =>
        SHA256.HashData([.. salt.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(value)]);

    static string? Hex(byte[]? digest) => digest is null ? null : Convert.ToHexStringLower(digest);
}

/// <param name="Row">Null when it is not there any more.</param>
public sealed record SealedEntry(Guid Id, byte[] Digest, byte[]? PersonalDigest, byte[]? AddressDigest, AuditRow? Row);

/// <summary>A link of a chain (SPEC L2).</summary>
/// <param name="Chain">The organization; the zero id for the platform's own.</param>
/// <param name="No">From 1, without a gap.</param>
/// <param name="Hash">Of the one before (32 zero bytes for the first), the number (8 bytes, big-endian) and the entries' digests.</param>
public sealed record AuditSeal(Guid Chain, long No, byte[] Previous, byte[] Hash, IReadOnlyList<SealedEntry> Entries)
{
    public static byte[] HashOf(byte[] previous, long no, IEnumerable<byte[]> digests)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        hash.AppendData(BitConverter.IsLittleEndian ? [.. BitConverter.GetBytes(no).Reverse()] : BitConverter.GetBytes(no));
        foreach (var digest in digests) hash.AppendData(digest);
        return hash.GetHashAndReset();
    }
}
