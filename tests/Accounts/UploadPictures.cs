using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Internal.Profile.Pictures;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>Real files in, one square of our own making out (SPEC M5).</summary>
public sealed class UploadPictureTests : OnInstallation
{
    Task<Outcome<Done>> Upload(AccountId account, byte[]? file, OrganizationId? by = null, AccountId? actor = null) =>
        Here.Send(new UploadPicture(account, by, file is null ? null : new MemoryStream(file), By(actor ?? account)));

    async Task<byte[]> Kept(AccountId account) => (await Here.Grant(new ReadPicture(account, null, account))).Content;

    static int Colour(SKBitmap picture, int x, int y) => (int)(uint)picture.GetPixel(x, y) & 0xFFFFFF;

    static void ShouldBeNear(int colour, int wanted)
    {
        for (var shift = 0; shift < 24; shift += 8)
            Math.Abs((colour >> shift & 0xFF) - (wanted >> shift & 0xFF)).ShouldBeLessThan(24, $"{colour:X6} is not {wanted:X6}");
    }

    [Theory, Trait("Rule", "M5")]
    [InlineData("png"), InlineData("jpeg"), InlineData("gif"), InlineData("webp")]
    public async Task Each_kind_becomes_a_square_cut_from_its_middle(string kind)
    {
        var liam = await Here.Account("liam@mail.example");
        (await Upload(liam, PictureFiles.Of(kind))).Granted.ShouldBeTrue();
        var kept = await Kept(liam);
        Encoding.ASCII.GetString(kept, 0, 4).ShouldBe("RIFF");
        PictureHeader.Read(kept).ShouldBe(new PictureHeader(PictureKind.WebP, 256, 256));
        using var picture = SKBitmap.Decode(kept);
        (picture.Width, picture.Height).ShouldBe((256, 256));
        foreach (var y in (int[])[4, 128, 250])
        {
            ShouldBeNear(Colour(picture, 4, y), PictureFiles.Red);
            ShouldBeNear(Colour(picture, 110, y), PictureFiles.Red);
            ShouldBeNear(Colour(picture, 146, y), PictureFiles.Blue);
            ShouldBeNear(Colour(picture, 251, y), PictureFiles.Blue);
        }
    }

    [Theory, Trait("Rule", "M5")]
    [InlineData(1, "left"), InlineData(2, "right"), InlineData(3, "right"), InlineData(4, "left"), InlineData(5, "top"),
        InlineData(6, "top"), InlineData(7, "bottom"), InlineData(8, "bottom")]
    public async Task A_photograph_stands_upright_and_tells_nothing_of_where_it_was_taken(byte orientation, string red)
    {
        var liam = await Here.Account("liam@mail.example");
        var file = PictureFiles.WithExif(PictureFiles.Jpeg(200, 200), orientation);
        Encoding.Latin1.GetString(file).ShouldContain("GPS 52");
        (await Upload(liam, file)).Granted.ShouldBeTrue();
        var kept = await Kept(liam);
        Encoding.Latin1.GetString(kept)
            .ShouldSatisfyAllConditions(t => t.ShouldNotContain("GPS"), t => t.ShouldNotContain("Exif", Case.Insensitive));
        using var picture = SKBitmap.Decode(kept);
        var (x, y) = red switch { "left" => (20, 128), "right" => (235, 128), "top" => (128, 20), _ => (128, 235) };
        ShouldBeNear(Colour(picture, x, y), PictureFiles.Red);
        ShouldBeNear(Colour(picture, 255 - x, 255 - y), PictureFiles.Blue);
    }

    [Fact, Trait("Rule", "M5")]
    public async Task What_is_no_picture_is_refused_whatever_it_is_called()
    {
        var liam = await Here.Account("liam@mail.example");
        byte[] png = PictureFiles.Png(40, 40), gif = PictureFiles.Gif(40, 40), jpeg = PictureFiles.Jpeg(40, 40),
        webp = PictureFiles.WebP(40, 40);
        var refused = new Dictionary<string, byte[]>
        {
            ["html"] = "<!doctype html><script>alert(1)</script>"u8.ToArray(),
            ["svg"] = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"u8.ToArray(),
            ["xml"] = "<?xml version=\"1.0\"?><svg/>"u8.ToArray(),
            ["bmp"] = [.. "BM"u8, .. new byte[100]],
            ["tiff"] = [.. "II*\0"u8, .. new byte[100]],
            ["png begun with html"] = [0x89, .. "PNG\r\n\x1a\n"u8, .. "<html><script>alert(1)</script></html>"u8],
            ["gif of html"] = [.. "GIF89a=1;/*"u8, .. "*/alert(1)"u8],
            ["jpeg begun"] = [0xFF, 0xD8, 0xFF, 0xE0],
            ["jpeg without a scan"] = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xFF, 0xD9],
            ["riff that is sound"] = [.. "RIFF"u8, 40, 0, 0, 0, .. "WAVEfmt "u8, .. new byte[40]],
            ["webp of nothing"] = [.. "RIFF"u8, 40, 0, 0, 0, .. "WEBPVP8 "u8, .. new byte[40]],
            ["png of no size"] = PictureFiles.PngBomb(0, 10),
            ["png cut"] = png[..40],
            ["gif cut"] = gif[..20],
            ["webp cut"] = webp[..(webp.Length / 2)],
            ["jpeg cut"] = jpeg[..30],
        };
        foreach (var (name, file) in refused) (await Upload(liam, file)).Refusal.ShouldBeOfType<PictureUnreadable>(name);
        foreach (var nothing in (byte[]?[])[null, []]) (await Upload(liam, nothing)).Refusal.ShouldBeOfType<PictureMissing>();
        (await Here.Scalar<long>("select count(*) from accounts.picture")).ShouldBe(0);
        (await Here.Grant(new ReadAccount(liam))).Version.ShouldBe(1);
    }

    [Fact, Trait("Rule", "M5")]
    public async Task A_picture_that_is_a_page_as_well_comes_out_as_a_picture_only()
    {
        var liam = await Here.Account("liam@mail.example");
        foreach (var kind in (string[])["png", "jpeg", "gif", "webp"])
        {
            (await Upload(liam, [.. PictureFiles.Of(kind), .. "<script>alert(document.domain)</script>"u8])).Granted.ShouldBeTrue(kind);
            Encoding.Latin1.GetString(await Kept(liam)).ShouldNotContain("script", Case.Insensitive);
        }
    }

    [Fact, Trait("Rule", "M5")]
    public async Task Bombs_are_refused_before_they_are_unpacked_and_five_megabytes_is_the_end()
    {
        var liam = await Here.Account("liam@mail.example");
        var before = GC.GetTotalAllocatedBytes();
        foreach (var bomb in (byte[][])[PictureFiles.PngBomb(60_000, 60_000), PictureFiles.PngBomb(10_001, 1),
            PictureFiles.PngBomb(9_000, 9_000), PictureFiles.GifBomb(65_535), PictureFiles.JpegOfManyScans(65)])
            (await Upload(liam, bomb)).Refusal.ShouldBeOfType<PictureHasTooManyPixels>();
        // Of all tests that run meanwhile; the first one alone has fourteen times as many.
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(1_000_000_000);

        var png = PictureFiles.Png(40, 40);
        (await Upload(liam, [.. png, .. new byte[UploadPicture.MaxBytes - png.Length]])).Granted.ShouldBeTrue("exactly 5 MB");
        (await Upload(liam, [.. png, .. new byte[UploadPicture.MaxBytes - png.Length + 1]])).Refusal.ShouldBeOfType<PictureTooLarge>();
        (await Upload(liam, new byte[UploadPicture.MaxBytes * 2])).Refusal.ShouldBeOfType<PictureTooLarge>();
        (await Upload(liam, PictureFiles.Png(1, 1))).Granted.ShouldBeTrue();
        (await Upload(liam, PictureFiles.Jpeg(6_000, 5_000))).Granted.ShouldBeTrue("thirty million pixels are a large photograph");
    }

    /// <summary>Whatever stands in a file, the answer is a picture or a refusal.</summary>
    [Fact, Trait("Rule", "M5")]
    public async Task Damaged_files_never_break_anything()
    {
        var (random, granted, refused) = (new Random(20260301), 0, 0);
        var making = Here.Services.GetRequiredService<PictureMaking>();
        foreach (var kind in (string[])["png", "jpeg", "gif", "webp"])
            for (var i = 0; i < Proof.Size(10, 400); i++)
            {
                var file = PictureFiles.Of(kind, 60, 40);
                for (var hits = random.Next(1, 8); hits > 0; hits--) file[random.Next(file.Length)] = (byte)random.Next(256);
                if (random.Next(4) == 0) file = file[..random.Next(file.Length)];
                var outcome = await making.Square(file, CancellationToken.None);
                if (outcome.Granted) PictureHeader.Read(outcome.Value).ShouldBe(new PictureHeader(PictureKind.WebP, 256, 256));
                _ = outcome.Granted ? granted++ : refused++;
            }
        granted.ShouldBeGreaterThan(Proof.Size(4, 100));
        refused.ShouldBeGreaterThan(Proof.Size(4, 100));
    }

    [Fact, Trait("Rule", "M5"), Trait("Rule", "S8")]
    public async Task The_picture_is_seen_by_who_sees_the_account_replaced_whole_and_removed()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var (ada, gus) = (await Here.Admin(acme, "ada@acme.example"), await Here.Admin(globex, "gus@globex.example"));
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        (await Upload(liam, PictureFiles.Png(40, 40), globex, gus)).Refusal.ShouldBeOfType<NotFound>();
        (await Upload(liam, PictureFiles.Png(40, 40), null, gus)).Refusal.ShouldBeOfType<NotFound>();
        (await Upload(liam, PictureFiles.Png(40, 40), acme, ada)).Granted.ShouldBeTrue();
        var first = await Here.Grant(new ReadPicture(liam, acme, ada));
        (await Here.Refuse(new ReadPicture(liam, globex, gus))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new ReadPicture(liam, null, gus))).ShouldBeOfType<NotFound>();

        (await Upload(liam, PictureFiles.Gif(40, 40))).Granted.ShouldBeTrue("the person may, too");
        (await Here.Grant(new ReadPicture(liam, null, liam))).Id.ShouldNotBe(first.Id);
        (await Here.Scalar<long>("select count(*) from accounts.picture")).ShouldBe(1, "the old one is gone");

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Upload(liam, PictureFiles.Png(40, 40))));
        (await Here.Scalar<long>("select count(*) from accounts.picture x join accounts.profile p on p.picture = x.id")).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from accounts.picture")).ShouldBe(1);

        await Here.Grant(new ChangePicture(liam, acme, null, By(ada)));
        (await Here.Refuse(new ReadPicture(liam, acme, ada))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new ChangePicture(liam, acme, null, By(ada)))).ShouldBeOfType<NoPicture>();
        (await Here.Scalar<long>("select count(*) from accounts.picture")).ShouldBe(0);
    }
}
