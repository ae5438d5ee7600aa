namespace DirectoryPlatform.Accounts.Internal.AddressLists;

/// <summary>Finds out how the characters of an uploaded file are written: spreadsheets and mail programs say it seldom.</summary>
static class TextEncoding
{
    /// <summary>As spreadsheets of the West write a file where nobody asks for UTF-8.</summary>
    public static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    const int Block = 64 * 1024;

    /// <param name="seekable">Read once from its beginning to its end, and put back.</param>
    /// <returns>UTF-8 or UTF-16, with or without its mark; otherwise <see cref="Western"/>, in which all bytes are something.</returns>
    public static Encoding Of(Stream seekable)
    {
        var (buffer, first, isUtf8) = (new byte[Block], true, true);
        var decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        // One more than bytes: of a character that began in the block before, the last byte gives two.
        var chars = new char[Block + 1];
        try
        {
            for (int read; isUtf8 && (read = seekable.ReadAtLeast(buffer, Block, throwOnEndOfStream: false)) > 0; first = false)
            {
                if (first && Utf16(buffer.AsSpan(0, read)) is { } utf16) return utf16;
                decoder.GetChars(buffer, 0, read, chars, 0, flush: read < Block);
            }
        }
        catch (DecoderFallbackException) { isUtf8 = false; }
        finally { seekable.Position = 0; }
        return isUtf8 ? Encoding.UTF8 : Western;
    }

    /// <summary>By its mark, or because every second byte is zero, as in a list of addresses it is.</summary>
    static Encoding? Utf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..]) return Encoding.Unicode;
        if (bytes is [0xFE, 0xFF, ..]) return Encoding.BigEndianUnicode;
        var (even, odd) = (0, 0);
        for (var i = 0; i < bytes.Length; i++)
            if (bytes[i] == 0) (even, odd) = i % 2 == 0 ? (even + 1, odd) : (even, odd + 1);
        var most = bytes.Length / 5 * 2;
        return bytes.Length < 8 ? null : even == 0 && odd > most ? Encoding.Unicode
            : odd == 0 && even > most ? Encoding.BigEndianUnicode : null;
    }
}
