using SkiaSharp;

namespace DirectoryPlatform.Accounts.Internal.Profile.Pictures;

/// <summary>Decodes with Skia what was measured before (<see cref="PictureHeader"/>), crops it around its middle, scales it, turns it
/// upright and encodes it anew, so that nothing of the file but its pixels lives on. Only ever called in a process of its own.</summary>
static class PictureDrawing
{
    /// <summary>Pixels of a side: the largest place where a picture is shown, at two dots to a pixel (own choice).</summary>
    public const int Side = 256;

    /// <summary>Of 100; a 256-pixel face then takes about 10 kB (own choice).</summary>
    const int Quality = 85;

    /// <returns>A WebP file; null for what cannot be read whole.</returns>
    public static byte[]? Square(byte[] file)
    {
        if (PictureHeader.Read(file) is not { IsModest: true } header) return null;
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        // What is decoded must be what was announced: otherwise somebody has two stories for two readers.
        if (codec is null || codec.Info.Width > header.Width || codec.Info.Height > header.Height) return null;
        using var whole = Decoded(codec);
        if (whole is null) return null;
        var side = Math.Min(whole.Width, whole.Height);
        var middle = SKRect.Create((whole.Width - side) / 2, (whole.Height - side) / 2, side, side);
        // Without a colour space, which would be written into the file: what has none is read as sRGB.
        using var surface = SKSurface.Create(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Premul));
        surface.Canvas.SetMatrix(Upright(codec.EncodedOrigin));
        using var image = SKImage.FromBitmap(whole);
        surface.Canvas.DrawImage(image, middle, SKRect.Create(Side, Side), side > Side
            ? new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)
            : new SKSamplingOptions(SKCubicResampler.Mitchell));
        using var square = surface.Snapshot();
        using var webp = square.Encode(SKEncodedImageFormat.Webp, Quality);
        return webp.ToArray();
    }

    /// <summary>Of an animation, the first frame. A photograph is decoded no larger than it need be, where its kind allows that.</summary>
    static SKBitmap? Decoded(SKCodec codec)
    {
        var size = codec.GetScaledDimensions((float)Side / Math.Min(codec.Info.Width, codec.Info.Height));
        if (Math.Min(size.Width, size.Height) < Side) size = codec.Info.Size;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb());
        var bitmap = new SKBitmap();
        if (bitmap.TryAllocPixels(info) && codec.GetPixels(info, bitmap.GetPixels()) == SKCodecResult.Success)
        {
            bitmap.SetImmutable(); // an image of it shares its pixels
            return bitmap;
        }
        bitmap.Dispose();
        return null;
    }

    /// <summary>From the stored square to the upright one (Exif 2.3, 4.6.4 A, Orientation).</summary>
    static SKMatrix Upright(SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => Matrix(-1, 0, Side, 0, 1, 0),
        SKEncodedOrigin.BottomRight => Matrix(-1, 0, Side, 0, -1, Side),
        SKEncodedOrigin.BottomLeft => Matrix(1, 0, 0, 0, -1, Side),
        SKEncodedOrigin.LeftTop => Matrix(0, 1, 0, 1, 0, 0),
        SKEncodedOrigin.RightTop => Matrix(0, -1, Side, 1, 0, 0),
        SKEncodedOrigin.RightBottom => Matrix(0, -1, Side, -1, 0, Side),
        SKEncodedOrigin.LeftBottom => Matrix(0, 1, 0, -1, 0, Side),
        _ => SKMatrix.Identity,
    };

    static SKMatrix Matrix(float xx, float xy, float x, float yx, float yy, float y) => new(xx, xy, x, yx, yy, y, 0, 0, 1);
}
