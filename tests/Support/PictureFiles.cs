using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkiaSharp;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Real picture files: red on the left, blue on the right; and files that only say that they are pictures.</summary>
static class PictureFiles
{
    public const int Red = 0xFF0000, Blue = 0x0000FF;

    public static byte[] Png(int width, int height) => Encoded(width, height, SKEncodedImageFormat.Png, 100);
    public static byte[] Jpeg(int width, int height) => Encoded(width, height, SKEncodedImageFormat.Jpeg, 95);
    public static byte[] WebP(int width, int height) => Encoded(width, height, SKEncodedImageFormat.Webp, 95);

    /// <summary>Skia writes none. Every code is one byte: the table is emptied before codes grow longer (GIF89a, appendix F).</summary>
    public static byte[] Gif(int width, int height)
    {
        const int clear = 128, end = 129, beforeTheyGrow = 120;
        var codes = new List<byte>();
        for (var i = 0; i < width * height; i++)
        {
            if (i % beforeTheyGrow == 0) codes.Add(clear);
            codes.Add(i % width < width / 2 ? (byte)0 : (byte)1);
        }
        codes.Add(end);
        byte[] size = [(byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)];
        return [.. "GIF89a"u8, .. size, 0xF6, 0, 0, 255, 0, 0, 0, 0, 255, .. new byte[126 * 3], 0x2C, 0, 0, 0, 0, .. size, 0, 7,
            .. codes.Chunk(255).SelectMany(block => (byte[])[(byte)block.Length, .. block]), 0, 0x3B];
    }

    public static byte[] Of(string kind, int width = 300, int height = 200) => kind switch
    {
        "png" => Png(width, height),
        "jpeg" => Jpeg(width, height),
        "gif" => Gif(width, height),
        "webp" => WebP(width, height),
        _ => throw new ArgumentException(kind),
    };

    /// <summary>With the tag that cameras write, and a comment that nobody else should ever read.</summary>
    public static byte[] WithExif(byte[] jpeg, byte orientation)
    {
        byte[] tiff = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff, .. "GPS 52.5200 13.4050"u8];
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    /// <summary>A few kilobytes that unpack to a picture of this size.</summary>
    public static byte[] PngBomb(int width, int height)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zip.Write(new byte[1_000_000]);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", [.. Big(width), .. Big(height), 1, 0, 0, 0, 0]),
            .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>The screen is tiny, the frame is not.</summary>
    public static byte[] GifBomb(ushort frame) =>
        [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x21, 0xFE, 2, (byte)'h', (byte)'i', 0, 0x2C, 0, 0, 0, 0,
            (byte)frame, (byte)(frame >> 8), (byte)frame, (byte)(frame >> 8), 0, 2, 2, 0x4C, 1, 0, 0x3B];

    /// <summary>A progressive JPEG whose scans are sent again and again: each costs a walk over all pixels.</summary>
    public static byte[] JpegOfManyScans(int scans)
    {
        byte[] scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0x34];
        return [0xFF, 0xD8, 0xFF, 0xC2, 0, 11, 8, 0x10, 0, 0x10, 0, 1, 1, 0x11, 0, .. Enumerable.Range(0, scans).SelectMany(_ => scan),
            0xFF, 0xD9];
    }

    static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. Big(data.Length), .. body, .. Big((int)Crc(body))];
    }

    static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        return ~crc;
    }

    static byte[] Encoded(int width, int height, SKEncodedImageFormat format, int quality)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        using (var blue = new SKPaint { Color = SKColors.Blue })
        {
            canvas.Clear(SKColors.Red);
            canvas.DrawRect(width / 2, 0, width - width / 2, height, blue);
        }
        using var file = bitmap.Encode(format, quality);
        return file.ToArray();
    }
}
