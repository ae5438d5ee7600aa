using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.SingleSignOn;
using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

namespace DirectoryPlatform.Tests.Security.Saml;

/// <summary>What an admin may enter as an identity provider, and what is said beside which field when not (SPEC S5).</summary>
[Trait("Rule", "S5")]
public sealed class EnterProviders
{
    static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    static readonly string Good = Certificate(RSA.Create(2048), Now.AddYears(1));

    static string Certificate(RSA key, DateTimeOffset until, string name = "Provider")
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        return new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(until.AddYears(-1), until).ExportCertificatePem();
    }

    static string Plain(string pem) => string.Concat(pem.Split('\n').Where(l => !l.StartsWith('-')));

    static string Metadata(string? certificate = null, string entity = "https://idp.example", string address = "https://idp.example/sso",
        string binding = SamlNames.Redirect, string use = " use=\"signing\"") =>
        $"""<md:EntityDescriptor xmlns:md="{SamlNames.Metadata}" entityID="{entity}">"""
        + $"""<md:IDPSSODescriptor protocolSupportEnumeration="{SamlNames.Protocol}"><md:KeyDescriptor{use}>"""
        + $"""<ds:KeyInfo xmlns:ds="{SamlNames.Signature}"><ds:X509Data>"""
        + $"<ds:X509Certificate>{certificate ?? Plain(Good)}</ds:X509Certificate>"
        + $"""</ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="{binding}" Location="{address}"/>"""
        + "</md:IDPSSODescriptor></md:EntityDescriptor>";

    [Fact]
    public void Metadata_says_it_all_also_within_a_list_of_one()
    {
        foreach (var xml in (string[])[Metadata(), Metadata(use: ""),
            $"<!-- c --><md:EntitiesDescriptor xmlns:md=\"{SamlNames.Metadata}\">{Metadata()}</md:EntitiesDescriptor>"])
        {
            var read = ProviderMetadata.Read(xml, Now);
            read.Granted.ShouldBeTrue($"{read.Refusal}");
            (read.Value.EntityId, read.Value.SignInAddress, read.Value.Certificates.Single().Subject)
                .ShouldBe(("https://idp.example", "https://idp.example/sso", "CN=Provider"));
        }
    }

    public static TheoryData<string> BadMetadata => new()
    {
        "", "<a/>", "<!DOCTYPE x>" + Metadata(), Metadata(certificate: ""), Metadata(certificate: "AAAA"), Metadata(entity: ""),
        Metadata(address: "http://idp.example/sso"), Metadata(address: "javascript:alert(1)"),
        Metadata(address: "https://a:b@idp.example/"), Metadata(binding: SamlNames.Post), Metadata(use: " use=\"encryption\""), Metadata()
            .Replace("IDPSSODescriptor", "SPSSODescriptor"),
        $"<md:EntitiesDescriptor "
            + $"xmlns:md=\"{SamlNames.Metadata}\">{Metadata()}{Metadata(entity: "https://other.example")}</md:EntitiesDescriptor>",
            new string('a', StrictXml.MostCharacters + 1),
    };

    [Theory, MemberData(nameof(BadMetadata))]
    public void Other_metadata_is_refused_beside_its_field(string xml) =>
        ProviderMetadata.Read(xml, Now).Refusal.ShouldBeOfType<InvalidValue>().Field.ShouldBe("metadata");

    [Theory]
    [InlineData("", "https://idp.example/sso", "entityId")]
    [InlineData("an id", "https://idp.example/sso", "entityId")]
    [InlineData("https://idp.example", "", "signInAddress")]
    [InlineData("https://idp.example", "idp.example", "signInAddress")]
    [InlineData("https://idp.example", "http://idp.example/", "signInAddress")]
    [InlineData("https://idp.example", "https://idp.example/#x", "signInAddress")]
    [InlineData("https://idp.example", "https://idp.example/\"x", "signInAddress")]
    [InlineData("https://idp.example", "//idp.example/", "signInAddress")]
    public void By_hand_each_field_is_looked_at(string entityId, string address, string field) =>
        ProviderSettings.Of(entityId, address, []).Refusal.ShouldBeOfType<InvalidValue>().Field.ShouldBe(field);

    [Fact]
    public void Certificates_come_as_pem_or_base64_one_or_several()
    {
        var second = Certificate(RSA.Create(2048), Now.AddYears(2));
        foreach (var (text, count) in ((string, int)[])[
            (Good, 1), (Plain(Good), 1), (Good.Replace("\n", "\r\n"), 1), (second, 1), ($"{Good}\n\n{second}", 2), ($"{Good}\n{Good}", 1),
            ($"text before\n{Good}\nand after", 1)])
        {
            var read = CertificateText.Read(text, Now).Value;
            (read.Taken.Count, read.LeftOut.Count).ShouldBe((count, 0));
        }
        // One that is to come is entered beforehand.
        CertificateText.Read(second, Now).Value.Taken.Single().From.ShouldBeGreaterThan(Now);
    }

    [Fact, Trait("Rule", "P8")]
    public void Of_several_the_valid_ones_are_taken_and_the_others_named_in_whatever_order()
    {
        using var ec = ECDsa.Create();
        var curve = new CertificateRequest("CN=EC", ec, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1))
            .ExportCertificatePem();
        (string Pem, string Says)[] bad =
        [
            (Certificate(RSA.Create(2048), Now.AddDays(-1)), "CN=Provider: This certificate expired on"),
            (Certificate(RSA.Create(1024), Now.AddDays(9)), "CN=Provider: This certificate’s key has 1024 bits"),
            (curve, "CN=EC: This certificate does not use an RSA key"),
        ];
        var second = Certificate(RSA.Create(2048), Now.AddYears(2));
        foreach (var (pem, says) in bad)
            foreach (var order in (string[][])[[Good, pem], [pem, Good], [pem, Good, pem, second], [second, pem, Good]])
            {
                var byHand = CertificateText.Read(string.Join('\n', order), Now).Value;
                byHand.LeftOut.Single().ShouldStartWith(says);
                byHand.Taken.Count.ShouldBe(order.Count(o => o != pem));
                var xml = Metadata(certificate: string.Join("</ds:X509Certificate><ds:X509Certificate>", order.Select(Plain)));
                var read = ProviderMetadata.Read(xml, Now).Value;
                read.LeftOut.ShouldBe(byHand.LeftOut);
                read.Certificates.Select(c => c.Fingerprint).ShouldBe(byHand.Taken.Select(c => c.Fingerprint));
            }
        var allBad = CertificateText.Read(string.Join('\n', bad.Select(b => b.Pem)), Now);
        allBad.Refusal.ShouldBeOfType<InvalidValue>().Why.ShouldContain("expired on", customMessage: "none can be taken");
        ProviderMetadata.Read(Metadata(certificate: $"AAAA</ds:X509Certificate><ds:X509Certificate>{Plain(Good)}"), Now).Value.LeftOut
            .Single().ShouldContain("not a certificate");
        // A block that was torn on its way is one of them, too.
        foreach (var torn in (string[])[second.Insert(40, "*"), second.Insert(40, "…"), second.Remove(40, 1)])
            foreach (var order in (string[][])[[Good, torn], [torn, Good]])
            {
                var read = CertificateText.Read(string.Join('\n', order), Now).Value;
                (read.Taken.Count, read.LeftOut.Single()).ShouldBe((1,
                    "No name: This is not a certificate. Paste all of it, including the BEGIN and END lines."));
            }
    }

    [Theory, Trait("Rule", "P8")]
    [InlineData("Old\0 key", "CN=Old key")]
    [InlineData("Old\u202E\u0007 \u200Bkey", "CN=Old key")]
    [InlineData("Old 𝒌ey", "CN=Old 𝒌ey")]
    public void A_certificates_name_is_shown_without_what_cannot_be_kept_or_read(string name, string shown)
    {
        CertificateText.Read(Certificate(RSA.Create(2048), Now.AddYears(1), name), Now).Value.Taken.Single().Subject.ShouldBe(shown);
        CertificateText.Read($"{Good}\n{Certificate(RSA.Create(2048), Now.AddDays(-1), name)}", Now).Value.LeftOut.Single()
            .ShouldStartWith($"{shown}: This certificate expired on");
    }

    [Fact]
    public void Weak_expired_foreign_and_private_keys_are_refused_in_words()
    {
        using var ec = ECDsa.Create();
        var curve = new CertificateRequest("CN=EC", ec, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1))
            .ExportCertificatePem();
        foreach (var (text, says) in ((string, string)[])
        [
            ("", "Paste the provider"), ("no certificate", "This is not a certificate"),
            (Certificate(RSA.Create(1024), Now.AddDays(9)), "1024 bits"), (Certificate(RSA.Create(2048), Now.AddDays(-1)), "expired on"),
            (Certificate(RSA.Create(2048), Now.AddDays(-1)), "renew it at the provider first"),
            (curve, "RSA"),
            (RSA.Create(2048).ExportPkcs8PrivateKeyPem(), "This is not a certificate"),
            (string.Join('\n', Enumerable.Range(0, 5).Select(_ => Certificate(RSA.Create(2048), Now.AddDays(9)))), "at most 4"),
        ])
            CertificateText.Read(text, Now).Refusal.ShouldBeOfType<InvalidValue>().Why.ShouldContain(says);
    }
}
