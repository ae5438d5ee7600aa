namespace DirectoryPlatform.Accounts.Internal.Profile.Pictures;

/// <summary>
/// Makes the square that is kept (SPEC M5): decoded, cropped around its middle, scaled, turned upright and encoded anew, so that nothing of
/// the upload but its pixels lives on. One at a time per node, which bounds the memory that pictures can take.
/// </summary>
sealed class PictureMaking
{
    /// <summary>Pixels of a side: the largest place where a picture is shown, at two dots to a pixel (own choice).</summary>
    public const int Side = 256;

    readonly SemaphoreSlim _one = new(1);

    /// <returns>A WebP file.</returns>
    public async Task<Outcome<byte[]>> Square(byte[] upload, CancellationToken ct)
    {
        if (PictureHeader.Read(upload) is not { } header) return new PictureUnreadable();
        if (!header.IsModest) return new PictureHasTooManyPixels();
        if (!Gd.IsThere) return new PicturesUnavailable();
        await _one.WaitAsync(ct);
        try { return await Task.Run(() => Make(upload, header), ct); }
        finally { _one.Release(); }
    }

    static Outcome<byte[]> Make(byte[] upload, PictureHeader header)
    {
        using var whole = GdPicture.Decode(upload, header.Kind);
        // What was decoded must be what was announced: otherwise somebody has two stories for two readers.
        if (whole is null || whole.Width > header.Width || whole.Height > header.Height) return new PictureUnreadable();
        var side = Math.Min(whole.Width, whole.Height);
        using var square = whole.Crop((whole.Width - side) / 2, (whole.Height - side) / 2, side, Side);
        using var upright = header.Orientation == 1 ? null : square.Turned((x, y) => Source(header.Orientation, x, y));
        return (upright ?? square).EncodeWebP();
    }

    /// <summary>Where the pixel of the upright picture stands in the stored one (Exif 2.3, 4.6.4 A, Orientation).</summary>
    static (int X, int Y) Source(int orientation, int x, int y) => orientation switch
    {
        2 => (Side - 1 - x, y),
        3 => (Side - 1 - x, Side - 1 - y),
        4 => (x, Side - 1 - y),
        5 => (y, x),
        6 => (y, Side - 1 - x),
        7 => (Side - 1 - y, Side - 1 - x),
        8 => (Side - 1 - y, x),
        _ => (x, y),
    };
}
