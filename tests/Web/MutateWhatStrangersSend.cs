using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Internal.AddressLists;
using DirectoryPlatform.Accounts.Internal.Profile.Pictures;
using DirectoryPlatform.Provisioning.Internal.Protocol;
using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api.Scim;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The parsers that are our own, asked what is nearly right: whatever comes is answered, soon and in little memory, and no mutated
/// answer of a provider signs anybody else in. Seconds each, ten minutes when whole (SPEC P4, decision 0087).</summary>
[Trait("Rule", "P4"), Trait("Run", "Mutate")]
public sealed class MutateWhatStrangersSend(ITestOutputHelper output)
{
    const string Run = "Mutate", Urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", Signed = "liam@acme.example";

    static readonly TimeSpan Slowest = TimeSpan.FromSeconds(2);

    /// <summary>That an input of 64 kB may cost, by what is allocated.</summary>
    const long MostBytes = 256L << 20;

    /// <param name="Ask">The kind of the answer: a word for each way through the parser that can be told from outside.</param>
    sealed record Parser(Func<byte[], Task<string>> Ask, IReadOnlyList<byte[]> Begin, IReadOnlyList<string> Words);

    [Theory]
    [InlineData("saml")]
    [InlineData("scim-filter")]
    [InlineData("scim-patch")]
    [InlineData("picture-header")]
    [InlineData("address-list")]
    public async Task Whatever_comes_is_answered(string name)
    {
        var (parser, whole) = (Of(name), Proof.Size(Run, false, true));
        var (seed, length) = (whole ? Random.Shared.Next() : 20261201, Proof.Size(Run, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(10)));
        var mutations = new Mutations(name, parser.Begin, parser.Words, seed, keeps: whole);
        var (watch, asked) = (Stopwatch.StartNew(), 0);
        foreach (var input in mutations.All())
        {
            if (asked >= parser.Begin.Count && watch.Elapsed > length) break;
            try { mutations.Learn(input, await Answer(parser, input)); }
            catch (Exception broken)
            {
                var file = Path.Combine(Checkout.Root.FullName, "TestResults", $"broke-{name}.bin");
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllBytesAsync(file, input);
                throw new Xunit.Sdk.XunitException($"{name}, seed {seed}, input {asked}, which is in {file}: {broken}");
            }
            asked++;
        }
        output.WriteLine($"{name}, seed {seed}: {asked} inputs in {watch.Elapsed}, {mutations.Answers} kinds of answers");
        mutations.Answers.ShouldBeGreaterThan(1, "all were answered alike");
    }

    /// <summary>Slow is what stays so: a busy machine takes its time from anybody once.</summary>
    static async Task<string> Answer(Parser parser, byte[] input)
    {
        for (var tries = 1; ; tries++)
        {
            var (thread, bytes) = (Environment.CurrentManagedThreadId, GC.GetAllocatedBytesForCurrentThread());
            var watch = Stopwatch.StartNew();
            var answer = await parser.Ask(input);
            if (thread == Environment.CurrentManagedThreadId)
                (GC.GetAllocatedBytesForCurrentThread() - bytes).ShouldBeLessThan(MostBytes, "bytes for one input");
            if (watch.Elapsed < Slowest) return answer;
            tries.ShouldBeLessThan(3, $"it took {watch.Elapsed}");
        }
    }

    static Parser Of(string name) => name switch
    {
        "saml" => new(input => Task.FromResult(Saml(input)),
            [
                .. new[] { new SamlPaper().SignedAssertion(), new SamlPaper().SignedResponse(), new SamlPaper().Unsigned }
                    .Select(document => document.OuterXml).Append(Metadata).Select(Encoding.UTF8.GetBytes),
            ],
            [
                "<!-- -->", "<![CDATA[a]]>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "<?a b?>", "&#0;", "&#x10FFFF;", "&lt;", "<a>", "</a>",
                " ID=\"_assertion\"", " ID=\"_response\"", " URI=\"\"", " xmlns:saml=\"urn:a\"", " xmlns=\"\"", SamlNames.Enveloped,
                "http://www.w3.org/TR/1999/REC-xslt-19991116", "http://www.w3.org/TR/1999/REC-xpath-19991116",
                "http://www.w3.org/2000/09/xmldsig#base64", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments", SamlNames.Assertion,
                " NotOnOrAfter=\"9999-12-31T23:59:59Z\"", "0001-01-01T00:00:00Z", "mallory@evil.example", "<saml:EncryptedAssertion/>",
            ]),
        "scim-filter" => new(input => Task.FromResult(Filter(input)),
            Texts("userName eq \"bjensen@example.com\"", "name.familyName co \"O'Malley\" and not (active eq false)", "title pr",
                "emails[type eq \"work\" and value co \"@example.com\"].value sw \"b\"", "meta.lastModified gt \"2011-05-13T04:42:33Z\"",
                $"{Urn}:department eq \"Tours\" or (nickName eq null and externalId ne \"x\")", "members[value eq \"1\"]", "x eq 5"),
            ["(", ")", "[", "]", "\"", "\\", "\\u0000", "\\ud800", " and ", " or ", "not (", " pr", " eq ", " ge ", "null", "1e999", "-0",
                ".", ":", "$ref", "primary", Urn, "id", "groups", "active"]),
        "scim-patch" => new(Patch,
            Texts("""{"Operations":[{"op":"replace","path":"title","value":"Boss"},{"op":"Add","path":"active","value":"False"}]}""",
                """{"Operations":[{"op":"add","path":"emails[type eq \"work\"].value","value":"a@acme.example"}]}""",
                """{"Operations":[{"op":"remove","path":"emails","value":[{"value":"a@b.example"}]},{"op":"remove","path":"title"}]}""",
                $$"""{"Operations":[{"op":"replace","value":{"{{Urn}}:department":"HR","name.familyName":"Kim","active":[true]} }]}""",
                $$"""{"Operations":[{"op":"replace","path":"{{Urn}}[department eq \"x\"]","value":{"department":"HR"} }]}""",
                """{"userName":"ann@acme.example","name":{"givenName":"Ann"},"emails":[{"value":"a","primary":"True"}]}"""),
            ["{", "}", "[", "]", ",", ":", "\"", "null", "true", "1e999", "\"\\ud800\"", "\\u0000", "\"path\":", "\"value\":", "\"op\":",
                "\"emails\"", "\"primary\"", "\"members\"", "\"manager\"", "\"id\"", "[type eq \\\"home\\\"]", Urn, "\"remove\""]),
        "picture-header" => new(input => Task.FromResult(Picture(input)),
            [
                PictureFiles.Png(3, 2), PictureFiles.Jpeg(3, 2), PictureFiles.Gif(3, 2), PictureFiles.WebP(3, 2),
                PictureFiles.GifBomb(9_000), PictureFiles.JpegOfManyScans(3), PictureFiles.WithExif(PictureFiles.Jpeg(3, 2), 6),
            ],
            ["IHDR", "GIF89a", "RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "!", ","]),
        _ => new(List,
            [
                .. Texts("Email\nada@acme.example\nBob <bob@acme.example>\n", "sep=;\nName;Email\n\"Müller; Zoë\";bob@acme.example\n",
                    "\"Smith, Jim\" <jim@acme.example>, eve@acme.example; 'x@acme.example'", "a@b.example\tc@d.example\r\nnone\r\n",
                    "Name,Email\n\"Zoë\n\"\"at home\"\"\",zoe@acme.example\n"),
                [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("Email\nada@acme.example")],
                [.. "Name;Email\nZo"u8, 0xEB, .. ";zoe@acme.example"u8],
            ],
            ["\"", "\"\"", ";", ",", "\t", "\r\n", "<", ">", "mailto:", "@", "\uFEFF", "\0", "Email", "sep=,\n", "'=", "“", "\u00A0"]),
    };

    static IReadOnlyList<byte[]> Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The beginning of a sentence is ours; behind it may stand what the input said.</summary>
    static string Kind(Refusal? why) => why is null ? "granted" : $"{why.Code}: {string.Join(' ', why.Sentence.Split(' ').Take(3))}";

    static string Metadata =>
        $"""<md:EntityDescriptor xmlns:md="{SamlNames.Metadata}" xmlns:ds="{SamlNames.Signature}" entityID="{SamlPaper.Issuer}">"""
        + $"""<md:IDPSSODescriptor protocolSupportEnumeration="{SamlNames.Protocol}"><md:KeyDescriptor use="signing"><ds:KeyInfo>"""
        + $"<ds:X509Data><ds:X509Certificate>{Convert.ToBase64String(SamlPaper.Key.RawData)}</ds:X509Certificate></ds:X509Data>"
        + $"""</ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="{SamlNames.Redirect}" """
        + """Location="https://idp.example/sso"/>"""
        + "</md:IDPSSODescriptor></md:EntityDescriptor>";

    static string Saml(byte[] input)
    {
        if (StrictXml.Text(input) is not { } xml) return "no text";
        var read = SamlPaper.Read(xml);
        // Whatever was put around it or into it, what was signed is about one person.
        if (read.Granted) read.Value.Name.ShouldBe(Signed);
        var said = SamlAnswer.SaidIn(xml, new(SamlPaper.Issuer, SamlPaper.Audience, SamlPaper.Acs, [SamlPaper.Key]));
        return $"{Kind(read.Refusal)} {said is not null} {SamlAnswer.RequestOf(xml).Length > 0} "
            + Kind(ProviderMetadata.Read(xml, SamlPaper.Now).Refusal);
    }

    static string Picture(byte[] input) =>
        PictureHeader.Read(input) is { } header ? $"{header.Kind} {header.IsModest}" : "no picture";

    static readonly JsonObject Ann = JsonNode.Parse($$"""
        { "userName": "ann@acme.example", "title": "", "externalId": "Abc", "active": true, "name": { "givenName": "Ann" },
          "emails": [ { "value": "ann@acme.example", "type": "work", "primary": true }, { "value": "ann@home.example", "type": "home" } ],
          "meta": { "lastModified": "2011-05-13T04:42:34.000000Z" }, "{{Urn}}": { "department": "Tours" } }
        """)!.AsObject();

    static string Filter(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var answer = $"path {Kind(FilterParser.ParsePath(text).Refusal)}, {Kind(ScimFilter.Parse(text).Refusal)}";
        if (ScimFilter.Parse(text) is not { Granted: true, Value: var filter }) return answer;
        foreach (var kind in (ScimResource[])[ScimResource.User, ScimResource.Group])
            answer += filter.Check(kind) is { } fault ? $", {Kind(fault)}"
                : $", {filter.Matches(Ann, kind)} {Kind(filter.Sql(kind, new DynamicParameters()).Refusal)}";
        return answer;
    }

    static async Task<string> Patch(byte[] input)
    {
        var body = await ScimAnswer.Body(new DefaultHttpContext
        {
            Request = { ContentType = ScimAnswer.MediaType, Body = new MemoryStream(input) },
        });
        if (!body.Granted) return Kind(body.Refusal);
        var before = Ann.DeepClone();
        var answer = Kind(ScimResource.User.Read(body.Value, new Oddities()).Refusal);
        foreach (var odd in (Oddities?[])[null, new(), new(everything: true)])
        {
            var patched = ScimPatch.Apply(Ann, body.Value, ScimResource.User, odd);
            answer += $", {(patched.Granted && !JsonNode.DeepEquals(patched.Value, before) ? "changed" : Kind(patched.Refusal))}";
        }
        JsonNode.DeepEquals(Ann, before).ShouldBeTrue("what is given stays as it is");
        return answer;
    }

    static async Task<string> List(byte[] input)
    {
        var file = await ReadAddressListHandler.Read(AddressInput.Of(new MemoryStream(input)), CancellationToken.None);
        return $"{Of(file)}, {Of(ReadAddressListHandler.OfText(Encoding.UTF8.GetString(input)))}";

        static string Of(Outcome<AddressList> list) => !list.Granted ? Kind(list.Refusal)
            : $"{Math.Min(3, list.Value.Emails.Count)} {list.Value.Repeated > 0} "
                + string.Join('|', list.Value.BadLines.Select(bad => bad.Why[..Math.Min(20, bad.Why.Length)]).Distinct().Order());
    }
}
