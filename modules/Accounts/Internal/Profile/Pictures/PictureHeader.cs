using System.Buffers.Binary;

namespace DirectoryPlatform.Accounts.Internal.Profile.Pictures;

enum PictureKind { Png, Jpeg, Gif, WebP }

/// <summary>
/// What an uploaded file says of itself before anything is decoded: its kind by its first bytes, never by its name, and how much memory and
/// work it would cost. A few kilobytes can claim to be a picture as large as a town ("decompression bomb").
/// </summary>
/// <param name="Scans">How often a progressive JPEG goes over the whole picture; 1 for all others.</param>
// By hand: a library's reader of headers is C, and would read a stranger's file in this process.
readonly record struct PictureHeader(PictureKind Kind, int Width, int Height, int Scans = 1)
{
    /// <summary>Decoded, 32 million pixels take 128 MB; a phone's camera makes 12 to 24 million (own choice).</summary>
    const int MaxPixels = 32_000_000, MaxSide = 10_000;

    /// <summary>Encoders use ten or so; each costs a walk over all pixels (own choice).</summary>
    const int MaxScans = 64;

    public bool IsModest => Width <= MaxSide && Height <= MaxSide && (long)Width * Height <= MaxPixels && Scans <= MaxScans;

    /// <returns>Null for anything that is not the beginning of one of the four kinds.</returns>
    public static PictureHeader? Read(ReadOnlySpan<byte> file)
    {
        PictureHeader? header =
            file.StartsWith(Png) ? ReadPng(file)
            : file.StartsWith(JpegStart) ? JpegSegments.Read(file)
            : file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ? ReadGif(file)
            : file.Length >= 30 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8) ? ReadWebP(file)
            : null;
        return header is { Width: > 0, Height: > 0 } ? header : null;
    }

    static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];

    static PictureHeader? ReadPng(ReadOnlySpan<byte> file) => file.Length >= 33 && file[12..].StartsWith("IHDR"u8)
        ? new(PictureKind.Png, BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]))
        : null;

    /// <summary>The screen and the first frame each say a size; both cost memory, so the larger counts.</summary>
    static PictureHeader? ReadGif(ReadOnlySpan<byte> file)
    {
        if (file.Length < 13) return null;
        var (width, height) = (Short(file, 6), Short(file, 8));
        var at = 13 + Colours(file[10]);
        while (at < file.Length && file[at] == 0x21) // an extension: its label, then blocks until an empty one
        {
            for (at += 2; at < file.Length && file[at] != 0; at += file[at] + 1) { }
            at++;
        }
        return at + 9 < file.Length && file[at] == 0x2C
            ? new(PictureKind.Gif, Math.Max(width, Short(file, at + 5)), Math.Max(height, Short(file, at + 7)))
            : null;

        static int Colours(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    static PictureHeader? ReadWebP(ReadOnlySpan<byte> file)
    {
        var chunk = file[12..];
        if (chunk.StartsWith("VP8 "u8)) return new(PictureKind.WebP, Short(file, 26) & 0x3FFF, Short(file, 28) & 0x3FFF);
        if (chunk.StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(file[21..]);
            return new(PictureKind.WebP, (int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1);
        }
        // The decoder refuses a frame that differs from the canvas.
        return chunk.StartsWith("VP8X"u8) ? new(PictureKind.WebP, Triple(file, 24) + 1, Triple(file, 27) + 1) : null;
    }

    static int Short(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);

    static int Triple(ReadOnlySpan<byte> file, int at) => file[at] | file[at + 1] << 8 | file[at + 2] << 16;
}

/// <summary>Walks the segments of a JPEG file (ITU T.81, Annex B) without decoding any of them.</summary>
static class JpegSegments
{
    const byte StartOfScan = 0xDA, EndOfImage = 0xD9;

    public static PictureHeader? Read(ReadOnlySpan<byte> file)
    {
        var (width, height, scans, at) = (0, 0, 0, 2);
        while (at + 4 <= file.Length)
        {
            if (file[at] != 0xFF) return null;
            var marker = file[at + 1];
            if (marker == 0xFF) // fill byte
            {
                at++;
                continue;
            }
            if (marker is EndOfImage) break;
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length) break;
            var segment = file.Slice(at + 4, length - 2);
            // Frame headers are C0 to CF without the tables DHT (C4), JPG (C8) and DAC (CC).
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && segment.Length >= 5 && width == 0)
                (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
            at += 2 + length;
            if (marker is not StartOfScan) continue;
            scans++;
            at = EndOfScan(file, at);
        }
        return scans > 0 ? new(PictureKind.Jpeg, width, height, scans) : null;
    }

    /// <summary>In a scan FF stands before 00, before a restart mark, or before the next segment.</summary>
    static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        for (; at + 1 < file.Length; at++)
            if (file[at] == 0xFF && file[at + 1] is not (0x00 or (>= 0xD0 and <= 0xD7) or 0xFF))
                return at;
        return file.Length;
    }
}
