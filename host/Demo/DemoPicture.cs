using System.Buffers.Binary;
using System.IO.Compression;

namespace DirectoryPlatform.Host.Demo;

/// <summary>A made-up portrait: head and shoulders in three colours, as a PNG (ISO/IEC 15948) of true colour.</summary>
static class DemoPicture
{
    const int Size = 256;

    static readonly uint[] Grounds = [0x8FB7D8, 0xE3B7A0, 0xA9C6A0, 0xC7B2DC, 0xE8CF8F, 0x9CCBC7];
    static readonly uint[] Skins = [0xF2D3BC, 0xD9A47C, 0xA9714B, 0x7A4B30, 0xE7BE9A];
    static readonly uint[] Hairs = [0x2B2320, 0x6B4428, 0xB98A4E, 0x8C8C90, 0x3C2A4A];
    static readonly uint[] Clothes = [0x1F3A5F, 0x5B2A36, 0x2F5D50, 0x44475A, 0x7A5A1E, 0x20232A];

    public static byte[] Of(int seed)
    {
        var random = new Random(seed);
        uint Any(uint[] colours) => colours[random.Next(colours.Length)];
        var (ground, skin, hair, clothes) = (Any(Grounds), Any(Skins), Any(Hairs), Any(Clothes));
        var (wide, longHair) = (random.Next(42, 50), random.Next(2) == 0);
        return Png((x, y) =>
            Inside(x, y, 128, 114, wide, wide + 12) && y > 88 ? skin
                : Inside(x, y, 128, 104, wide + 10, wide + 16) && (y < 100 || longHair) ? hair
                : longHair && Inside(x, y, 128, 140, wide + 12, 62) && y is > 100 and < 196 ? hair
                : Inside(x, y, 128, 180, 18, 30) ? skin
                : Inside(x, y, 128, 262, 96, 80) ? clothes : ground);
    }

    static bool Inside(int x, int y, int atX, int atY, int wide, int high)
    {
        var (dx, dy) = ((double)(x - atX) / wide, (double)(y - atY) / high);
        return dx * dx + dy * dy <= 1;
    }

    static byte[] Png(Func<int, int, uint> colour)
    {
        var rows = new byte[Size * (1 + Size * 3)];
        for (int y = 0, at = 0; y < Size; y++)
        {
            at++; // each row begins with its filter: none
            for (var x = 0; x < Size; x++, at += 3)
            {
                var c = colour(x, y);
                (rows[at], rows[at + 1], rows[at + 2]) = ((byte)(c >> 16), (byte)(c >> 8), (byte)c);
            }
        }
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(rows);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Size);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Size);
        (header[8], header[9]) = (8, 2); // eight bits of red, green and blue
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    static byte[] Chunk(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        kind.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Crc(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    /// <summary>CRC-32 as in annex D of the standard.</summary>
    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        return ~crc;
    }
}
