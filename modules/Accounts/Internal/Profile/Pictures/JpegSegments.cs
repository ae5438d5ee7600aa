using System.Buffers.Binary;

namespace DirectoryPlatform.Accounts.Internal.Profile.Pictures;

/// <summary>Walks the segments of a JPEG file (ITU T.81, Annex B) without decoding any of them.</summary>
static class JpegSegments
{
    const byte StartOfScan = 0xDA, EndOfImage = 0xD9, App1 = 0xE1;

    public static PictureHeader? Read(ReadOnlySpan<byte> file)
    {
        var (width, height, scans, orientation, at) = (0, 0, 0, 1, 2);
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
            if (marker is App1 && orientation == 1) orientation = Orientation(segment);
            at += 2 + length;
            if (marker is not StartOfScan) continue;
            scans++;
            at = EndOfScan(file, at);
        }
        return scans > 0 ? new(PictureKind.Jpeg, width, height, scans, orientation) : null;
    }

    /// <summary>In a scan FF stands before 00, before a restart mark, or before the next segment.</summary>
    static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        for (; at + 1 < file.Length; at++)
            if (file[at] == 0xFF && file[at + 1] is not (0x00 or (>= 0xD0 and <= 0xD7) or 0xFF))
                return at;
        return file.Length;
    }

    /// <summary>Tag 0x0112 of the first directory (Exif 2.3, 4.6.4); 1, "as it is", for anything unusual.</summary>
    static int Orientation(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 14 || !segment.StartsWith("Exif\0\0"u8)) return 1;
        var tiff = segment[6..];
        var little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8)) return 1;
        var directory = Int(tiff, 4);
        if (directory < 8 || directory > tiff.Length - 2) return 1;
        for (var (i, count) = (0, Short(tiff, directory)); i < count; i++)
        {
            var entry = directory + 2 + i * 12;
            if (entry + 12 > tiff.Length) break;
            if (Short(tiff, entry) == 0x0112) return Short(tiff, entry + 8) is var value and >= 1 and <= 8 ? value : 1;
        }
        return 1;

        int Short(ReadOnlySpan<byte> t, int at) =>
            little ? BinaryPrimitives.ReadUInt16LittleEndian(t[at..]) : BinaryPrimitives.ReadUInt16BigEndian(t[at..]);
        int Int(ReadOnlySpan<byte> t, int at) =>
            little ? BinaryPrimitives.ReadInt32LittleEndian(t[at..]) : BinaryPrimitives.ReadInt32BigEndian(t[at..]);
    }
}
