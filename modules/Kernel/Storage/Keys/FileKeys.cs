using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;

namespace DirectoryPlatform.Kernel.Storage.Keys;

/// <summary>A key file that cannot be used, or one that is missing; the message is for the person at the console.</summary>
public sealed class KeyFileException(string message) : InvalidOperationException(message);

/// <summary>The keys of a key file (SPEC S14): the first one seals, each of them opens.</summary>
/// <remarks>
/// AES-256-GCM with a random nonce of 96 bits: a key seals some rows a year, far below the 2^32 up to which random nonces are safe (NIST SP
/// 800-38D, 8.3).
/// What is sealed is bound to its place, so that no sealed text can stand for another.
/// </remarks>
public sealed class FileKeys
{
    public const int KeyBytes = 32;
    const int NonceBytes = 12, TagBytes = 16, IdBytes = 8;

    /// <summary>How a sealed text begins.</summary>
    public const string Mark = "<sealed ";

    readonly IReadOnlyList<(string Id, byte[] Key)> _keys;

    FileKeys(IReadOnlyList<(string, byte[])> keys) => _keys = keys;

    /// <summary>Which keys these are; tells nothing of them.</summary>
    public IReadOnlyList<string> Ids => [.. _keys.Select(k => k.Id)];

    /// <summary>The one that seals.</summary>
    public string First => _keys[0].Id;

    /// <summary>A line for a key file.</summary>
    public static string NewLine() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <param name="text">One key a line, 32 bytes in base64 or hex; blank lines and lines that begin with # are passed over.</param>
    /// <param name="name">Of the file, for the message; what stands in it is never told.</param>
    /// <exception cref="KeyFileException">A line is no key, or there is none.</exception>
    public static FileKeys Parse(string text, string name)
    {
        var (keys, no) = (new List<(string, byte[])>(), 0);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()))
        {
            no++;
            if (line.Length == 0 || line[0] == '#') continue;
            if (Bytes(line) is not { } key)
                throw new KeyFileException($"Line {no} of the key file {name} is no key. A key is 32 random bytes, as 44 characters of "
                    + "base64 or 64 of hex; openssl rand -base64 32 prints one.");
            if (key.All(b => b == key[0]))
                throw new KeyFileException($"Line {no} of the key file {name} is not random. openssl rand -base64 32 prints a key.");
            keys.Add((IdOf(key), key));
        }
        if (keys.Count == 0) throw new KeyFileException($"There is no key in the key file {name}. ./run keys new FILE writes one.");
        return new([.. keys.DistinctBy(k => k.Item1)]);
    }

    public static bool IsSealed(string text) => text.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>Whose key a sealed text needs.</summary>
    public static string SealedBy(string text) => Read(text).By;

    /// <param name="place">Where the text will stand, such as a table and the key of a row.</param>
    public string Seal(string place, string text)
    {
        var (id, key) = _keys[0];
        var plain = Encoding.UTF8.GetBytes(text);
        var all = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(all.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        var (nonce, hidden, tag) = Parts(all);
        aes.Encrypt(all.AsSpan(nonce), plain, all.AsSpan(hidden), all.AsSpan(tag), Bound(id, place));
        CryptographicOperations.ZeroMemory(plain);
        return new XElement("sealed", new XAttribute("by", id), new XAttribute("with", "AES-256-GCM"), Convert.ToBase64String(all))
            .ToString(SaveOptions.DisableFormatting);
    }

    /// <returns>Null when its key is not among these.</returns>
    /// <exception cref="KeyFileException">The sealed text was changed, or stands elsewhere than where it was sealed for.</exception>
    public string? Open(string place, string sealedText)
    {
        var (by, all) = Read(sealedText);
        if (_keys.FirstOrDefault(k => k.Id == by) is not { Key: { } key }) return null;
        var plain = new byte[all.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            var (nonce, hidden, tag) = Parts(all);
            aes.Decrypt(all.AsSpan(nonce), all.AsSpan(hidden), all.AsSpan(tag), plain, Bound(by, place));
        }
        catch (CryptographicException) { throw Damaged(); }
        return Encoding.UTF8.GetString(plain);
    }

    static (Range Nonce, Range Hidden, Range Tag) Parts(byte[] all) =>
        (..NonceBytes, NonceBytes..(all.Length - TagBytes), (all.Length - TagBytes)..);

    static (string By, byte[] All) Read(string text)
    {
        try
        {
            var element = XElement.Parse(text);
            var all = Convert.FromBase64String(element.Value);
            if (element.Attribute("by")?.Value is { Length: > 0 } by && all.Length > NonceBytes + TagBytes) return (by, all);
        }
        catch (Exception torn) when (torn is XmlException or FormatException) { }
        throw Damaged();
    }

    static KeyFileException Damaged() => new(
        "A key in the database is sealed, but not as it was sealed once: it was changed, or moved from another row. "
        + "Restore the table kernel.data_protection_key from a backup.");

    static byte[] Bound(string id, string place) => Encoding.UTF8.GetBytes($"{id} {place}");

    static byte[]? Bytes(string line)
    {
        if (line.Length == 2 * KeyBytes && line.All(char.IsAsciiHexDigit)) return Convert.FromHexString(line);
        var bytes = new byte[KeyBytes + 4];
        return Convert.TryFromBase64String(line, bytes, out var count) && count == KeyBytes ? bytes[..KeyBytes] : null;
    }

    static string IdOf(byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, "directory-platform key id"u8)[..IdBytes]);
}
