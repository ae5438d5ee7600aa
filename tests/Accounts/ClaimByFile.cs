using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>What admins upload, from whatever program it came.</summary>
[Trait("Rule", "C1"), Trait("Rule", "C6")]
public sealed class ClaimByFile : OnInstallation
{
    OrganizationId _acme;
    DomainId _domain;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _acme = await Here.Organization("acme");
        _domain = await Here.VerifiedDomain(_acme, "acme.example");
        foreach (var name in (string[])["ada", "bob", "eve"]) await Here.Account($"{name}@acme.example");
        await Here.Account("known@globex.example");
    }

    async Task<BulkReview> Review(byte[] file) =>
        await Here.Grant(
            new ReviewBulk(_acme, await Here.Grant(new BeginClaim(_acme, _domain, AddressInput.Of(new MemoryStream(file)),
                TestInstallation.Console)), default));

    static readonly Dictionary<string, byte[]> Good = new()
    {
        { "plain", Utf8("ada@acme.example\nbob@acme.example\neve@acme.example\n") },
        { "no newline at the end", Utf8("ada@acme.example\nbob@acme.example\neve@acme.example") },
        { "BOM", [0xEF, 0xBB, 0xBF, .. Utf8("ada@acme.example\nbob@acme.example\neve@acme.example\n")] },
        { "BOM and header", [0xEF, 0xBB, 0xBF, .. Utf8("Email\nada@acme.example\nbob@acme.example\neve@acme.example\n")] },
        { "CRLF and header", Utf8("email address\r\nada@acme.example\r\nbob@acme.example\r\neve@acme.example\r\n") },
        { "blank lines", Utf8("\n\nEmail\n\nada@acme.example\n\n\nbob@acme.example\n   \neve@acme.example\n\n") },
        { "duplicates in any case", Utf8("ada@acme.example\nADA@ACME.EXAMPLE\nBob@Acme.Example\nada@acme.example\neve@acme.example\n") },
        { "quotes and blanks", Utf8("\"ada@acme.example\"\n  bob@acme.example  \n\" eve@acme.example \"\n") },
        { "UTF-16, little end first",
            [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Email\r\nada@acme.example\r\nbob@acme.example\r\neve@acme.example\r\n")] },
        { "UTF-16, big end first",
            [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("Email\r\nada@acme.example\r\nbob@acme.example\r\neve@acme.example\r\n")] },
        { "as spreadsheets of the West write it",
            [.. Encoding.Latin1.GetBytes("Adresse électronique\r\nada@acme.example\r\nbob@acme.example\r\neve@acme.example\r\n")] },
    };

    // By name: files of 5 MB as arguments would be written out once per discovery.
    public static TheoryData<string> GoodFiles => [.. Good.Keys];

    [Theory]
    [MemberData(nameof(GoodFiles))]
    public async Task Any_spreadsheets_file_names_the_same_three(string kind)
    {
        var review = await Review(Good[kind]);
        (review.WillChange, review.BadLineCount, review.Refused.Count).ShouldBe((3, 0, 0), kind + ": " + string.Join(';', review.BadLines));
    }

    [Fact]
    public async Task Each_bad_row_is_reported_with_its_line_number()
    {
        var review = await Review(Utf8("Email\nada@acme.example\nnot an address\n\nbob@acme.example,extra\n"
            + "mail@globex.example\nknown@globex.example\nnobody@acme.example\na\tb@acme.example\n"));
        review.WillChange.ShouldBe(1);
        review.BadLineCount.ShouldBe(6);
        review.BadLines.Select(b => b.Line).ShouldBe([3, 5, 6, 7, 8, 9]);
        review.BadLines.Select(b => b.Line).ShouldBeUnique();
        // An address elsewhere is answered alike whether it has an account or not.
        review.BadLines[2].Why.ShouldBe(review.BadLines[3].Why);
        review.BadLines[2].Why.ShouldBe(new NotOnDomain().Sentence);
        review.BadLines[4].Why.ShouldBe(new NoSuchAccount().Sentence);
        review.Refused.ShouldBeEmpty("each line is told once");
    }

    static readonly Dictionary<string, (byte[] File, string Code)> Bad = new()
    {
        { "nothing", ([], "fileEmpty") },
        { "blank lines", (Utf8("\n \r\n\n"), "fileEmpty") },
        { "only a header", (Utf8("Email\n"), "fileEmpty") },
        { "a picture", ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], "fileUnreadable") },
        { "UTF-16 full of NULs", ([0xFF, 0xFE, 0x41, 0, 0, 0, 0, 0, 0x0A, 0, 0x42, 0, 0, 0, 0x0A, 0], "fileUnreadable") },
        { "5 MB of nothing and one more", (new byte[5 * 1024 * 1024 + 1], "fileTooLarge") },
        { "5 MB of nothing", (new byte[5 * 1024 * 1024], "fileUnreadable") },
        { "5 MB without a line end", (Utf8(new string('a', 5 * 1024 * 1024)), "fileUnreadable") },
    };

    public static TheoryData<string> BadFiles => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task Anything_else_is_refused_with_its_reason(string kind) =>
        (await Here.Refuse(new BeginClaim(_acme, _domain, AddressInput.Of(new MemoryStream(Bad[kind].File)),
            TestInstallation.Console))).Code
            .ShouldBe(Bad[kind].Code);

    [Fact]
    public async Task No_bytes_make_an_exception()
    {
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(200)];
            if (i % 3 == 0) random.NextBytes(bytes);
            else for (var b = 0; b < bytes.Length; b++) bytes[b] = (byte)"\"\"\n\r,@a.\u007f"[random.Next(9)];
            if (i % 5 == 0 && bytes.Length > 1) (bytes[0], bytes[1]) = (0xFF, 0xFE);
            await Here.Send(new BeginClaim(_acme, _domain, AddressInput.Of(new MemoryStream(bytes)), TestInstallation.Console));
        }
    }

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
