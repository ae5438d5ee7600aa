using System.Runtime.InteropServices;

namespace DirectoryPlatform.Accounts.Internal.Profile.Pictures;

/// <summary>The few functions of the GD library (libgd 2.3, libgd.github.io) that pictures need. Everything it is given was measured
/// before, see <see cref="PictureHeader"/>.</summary>
static class Gd
{
    const string Library = "libgd.so.3";

    static readonly ErrorMethod Quiet = (_, _, _) => { };

    static readonly Lazy<bool> There = new(() =>
    {
        if (!NativeLibrary.TryLoad(Library, typeof(Gd).Assembly, null, out _)) return false;
        gdSetErrorMethod(Quiet); // It would print what it thinks of each broken file.
        return true;
    });

    public static bool IsThere => There.Value;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void ErrorMethod(int priority, nint format, nint arguments);

    [DllImport(Library)] static extern void gdSetErrorMethod(ErrorMethod method);
    [DllImport(Library)] public static extern nint gdImageCreateFromPngPtr(int size, byte[] data);
    [DllImport(Library)] public static extern nint gdImageCreateFromJpegPtr(int size, byte[] data);
    [DllImport(Library)] public static extern nint gdImageCreateFromGifPtr(int size, byte[] data);
    [DllImport(Library)] public static extern nint gdImageCreateFromWebpPtr(int size, byte[] data);
    [DllImport(Library)] public static extern nint gdImageCreateTrueColor(int width, int height);
    [DllImport(Library)] public static extern void gdImageAlphaBlending(nint image, int on);
    [DllImport(Library)] public static extern void gdImageSaveAlpha(nint image, int on);
    [DllImport(Library)]
    public static extern void gdImageCopyResampled(nint to, nint from, int toX, int toY, int fromX, int fromY,
        int toWidth, int toHeight, int fromWidth, int fromHeight);
    [DllImport(Library)] public static extern int gdImageGetTrueColorPixel(nint image, int x, int y);
    [DllImport(Library)] public static extern void gdImageSetPixel(nint image, int x, int y, int colour);
    [DllImport(Library)] public static extern nint gdImageWebpPtrEx(nint image, out int size, int quality);
    [DllImport(Library)] public static extern void gdFree(nint memory);
    [DllImport(Library)] public static extern void gdImageDestroy(nint image);
}

/// <summary>A decoded picture in GD's memory.</summary>
sealed class GdPicture : IDisposable
{
    /// <summary>Of 100; a 256-pixel face then takes about 10 kB (own choice).</summary>
    const int Quality = 85;

    // gd.h: struct gdImageStruct begins with the pointer to the rows, then int sx, int sy.
    static readonly int WidthAt = nint.Size, HeightAt = nint.Size + sizeof(int);

    readonly nint _image;

    GdPicture(nint image) => _image = image;

    public int Width => Marshal.ReadInt32(_image, WidthAt);
    public int Height => Marshal.ReadInt32(_image, HeightAt);

    /// <summary>Of an animation, the first frame. Null when it cannot be decoded.</summary>
    public static GdPicture? Decode(byte[] file, PictureKind kind)
    {
        var image = kind switch
        {
            PictureKind.Png => Gd.gdImageCreateFromPngPtr(file.Length, file),
            PictureKind.Jpeg => Gd.gdImageCreateFromJpegPtr(file.Length, file),
            PictureKind.Gif => Gd.gdImageCreateFromGifPtr(file.Length, file),
            PictureKind.WebP => Gd.gdImageCreateFromWebpPtr(file.Length, file),
        };
        return image == 0 ? null : new(image);
    }

    public GdPicture Crop(int x, int y, int side, int scaledTo)
    {
        var square = Blank(scaledTo, scaledTo);
        Gd.gdImageCopyResampled(square._image, _image, 0, 0, x, y, scaledTo, scaledTo, side, side);
        return square;
    }

    public GdPicture Turned(Func<int, int, (int X, int Y)> source)
    {
        var turned = Blank(Width, Height);
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
            {
                var from = source(x, y);
                Gd.gdImageSetPixel(turned._image, x, y, Gd.gdImageGetTrueColorPixel(_image, from.X, from.Y));
            }
        return turned;
    }

    /// <summary>0xAARRGGBB, with 127 for fully transparent, as GD counts.</summary>
    public int this[int x, int y] => Gd.gdImageGetTrueColorPixel(_image, x, y);

    public byte[] EncodeWebP()
    {
        var memory = Gd.gdImageWebpPtrEx(_image, out var size, Quality);
        if (memory == 0) throw new InvalidOperationException("libgd could not encode a picture.");
        try
        {
            var file = new byte[size];
            Marshal.Copy(memory, file, 0, size);
            return file;
        }
        finally { Gd.gdFree(memory); }
    }

    static GdPicture Blank(int width, int height)
    {
        var image = Gd.gdImageCreateTrueColor(width, height);
        if (image == 0) throw new InsufficientMemoryException("libgd could not make a picture.");
        Gd.gdImageAlphaBlending(image, 0);
        Gd.gdImageSaveAlpha(image, 1);
        return new(image);
    }

    public void Dispose() => Gd.gdImageDestroy(_image);
}
