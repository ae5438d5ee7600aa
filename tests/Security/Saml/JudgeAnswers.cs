using System.Security.Cryptography.Xml;
using System.Xml;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.SingleSignOn;
using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Tests.Security.Saml;

/// <summary>What a provider's answer must be, on really signed documents; each test spoils one thing (SPEC S5).</summary>
[Trait("Rule", "S5")]
public sealed class JudgeAnswers
{
    [Fact]
    public void A_signed_assertion_and_a_signed_response_are_read()
    {
        foreach (var document in (XmlDocument[])[new SamlPaper().SignedAssertion(), new SamlPaper().SignedResponse(), new SamlPaper()
            .SignedAssertion(keyInfo: false), Both()])
        {
            var answer = SamlPaper.Read(document);
            answer.Granted.ShouldBeTrue($"{answer.Refusal}");
            (answer.Value.Name, answer.Value.Request, answer.Value.AuthenticatedAt)
                .ShouldBe(("liam@acme.example", SamlPaper.Request, SamlPaper.Now));
        }
    }

    [Theory]
    [InlineData("sha384")]
    [InlineData("sha512")]
    public void Stronger_hashes_do_as_well(string hash)
    {
        var digest = hash == "sha384" ? SignedXml.XmlDsigSHA384Url : SignedXml.XmlDsigSHA512Url;
        SamlPaper.Read(new SamlPaper()
            .SignedAssertion(digest: digest, method: $"http://www.w3.org/2001/04/xmldsig-more#rsa-{hash}")).Granted.ShouldBeTrue();
    }

    static XmlDocument Both()
    {
        var document = new SamlPaper().SignedAssertion();
        SamlPaper.Sign(document.DocumentElement!, SamlPaper.Key);
        return document;
    }

    public static TheoryData<string, Type> Spoiled => new()
    {
        { "another issuer", typeof(SamlOtherIssuer) }, { "another issuer of the response", typeof(SamlOtherIssuer) },
        { "another destination", typeof(SamlOtherAddress) }, { "another recipient", typeof(SamlOtherAddress) },
        { "another audience", typeof(SamlOtherAudience) }, { "our audience as a prefix", typeof(SamlOtherAudience) },
        { "unsolicited", typeof(SamlFromTile) }, { "two requests", typeof(SamlUnsolicited) }, { "expired", typeof(SamlOutOfTime) },
        { "not yet", typeof(SamlOutOfTime) }, { "refused", typeof(SamlProviderRefused) }, { "persistent name", typeof(SamlNoEmail) },
        { "unknown condition", typeof(SamlIncomplete) }, { "holder of key", typeof(SamlIncomplete) },
    };

    [Theory, MemberData(nameof(Spoiled))]
    public void What_is_not_meant_for_us_now_is_refused(string what, Type refusal)
    {
        var paper = what switch
        {
            "another issuer" => new SamlPaper { AssertionIssuer = "https://idp.example/other" },
            "another issuer of the response" => new SamlPaper { ResponseIssuer = "https://idp.example/other" },
            "another destination" => new SamlPaper { Destination = "https://elsewhere.example/acs" },
            "another recipient" => new SamlPaper { Recipient = "https://elsewhere.example/acs" },
            "another audience" => new SamlPaper { To = "https://directory.example/sso/globex" },
            "our audience as a prefix" => new SamlPaper { To = SamlPaper.Audience + ".evil.example" },
            "unsolicited" => new SamlPaper { InResponseTo = "", ConfirmedRequest = "" },
            "two requests" => new SamlPaper { InResponseTo = "_s-of-another" },
            "expired" => new SamlPaper { Age = TimeSpan.FromMinutes(8.1) },
            "not yet" => new SamlPaper { Age = TimeSpan.FromMinutes(-3.1) },
            "refused" => new SamlPaper { Status = "urn:oasis:names:tc:SAML:2.0:status:Responder" },
            "persistent name" => new SamlPaper { Format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" },
            "unknown condition" => new SamlPaper { More = "<x:OnlyOnMondays xmlns:x=\"urn:x\"/>" },
            _ => new SamlPaper { Method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key" },
        };
        foreach (var document in (XmlDocument[])[paper.SignedAssertion(), paper.SignedResponse()])
            SamlPaper.Read(document).Refusal.ShouldBeOfType(refusal);
    }

    [Fact]
    public void Clocks_may_be_three_minutes_apart()
    {
        SamlPaper.Read(new SamlPaper { Age = TimeSpan.FromMinutes(7.9) }.SignedAssertion()).Granted.ShouldBeTrue();
        SamlPaper.Read(new SamlPaper { Age = TimeSpan.FromMinutes(-2.9) }.SignedAssertion()).Granted.ShouldBeTrue();
    }

    /// <summary>Written by taking the one thing away after signing, and signing anew.</summary>
    [Theory]
    [InlineData("Conditions", typeof(SamlIncomplete))]
    [InlineData("AudienceRestriction", typeof(SamlOtherAudience))]
    [InlineData("SubjectConfirmation", typeof(SamlIncomplete))]
    [InlineData("NameID", typeof(SamlNoEmail))]
    [InlineData("AuthnStatement", typeof(SamlIncomplete))]
    [InlineData("Issuer", typeof(SamlOtherIssuer))]
    [InlineData("Status", typeof(SamlNotOne))]
    public void What_must_be_said_is_missed(string element, Type refusal)
    {
        var document = new SamlPaper().Unsigned;
        var assertion = SamlPaper.Assertion(document);
        SamlPaper.Sign(assertion, SamlPaper.Key);
        assertion.RemoveChild(SamlPaper.Signature(document));
        var gone = (XmlElement)(element == "Status" ? document.DocumentElement! : assertion)
            .SelectSingleNode($".//*[local-name()='{element}']")!;
        // The signature goes behind the issuer: without one, in its place.
        if (element == "Issuer") gone.InnerText = "";
        else gone.ParentNode!.RemoveChild(gone);
        SamlPaper.Sign(assertion, SamlPaper.Key);
        SamlPaper.Read(document).Refusal.ShouldBeOfType(refusal);
    }

    [Theory]
    [InlineData("NotOnOrAfter", "Conditions")]
    [InlineData("NotOnOrAfter", "SubjectConfirmationData")]
    [InlineData("NotOnOrAfter=tomorrow", "Conditions")]
    public void A_time_that_is_none_is_over(string attribute, string element)
    {
        var document = new SamlPaper().Unsigned;
        var at = (XmlElement)document.SelectSingleNode($"//*[local-name()='{element}']")!;
        if (attribute.Split('=') is [var name, var value]) at.SetAttribute(name, value);
        else at.RemoveAttribute(attribute);
        SamlPaper.Sign(SamlPaper.Assertion(document), SamlPaper.Key);
        SamlPaper.Read(document).Refusal.ShouldBeOfType<SamlOutOfTime>();
    }

    [Theory, Trait("Rule", "P8")]
    [InlineData("NotOnOrAfter", "2026-11-22T12:05:00+00:00", "Conditions")]
    [InlineData("NotBefore", "2026-11-22T13:00:00+01:00", "Conditions")]
    [InlineData("NotOnOrAfter", "2026-11-22T12:05:00", "SubjectConfirmationData")]
    [InlineData("NotOnOrAfter", "11/22/2026 12:05:00Z", "Conditions")]
    [InlineData("AuthnInstant", "2026-11-22T12:00:00+00:00", "AuthnStatement")]
    public void A_time_that_is_written_otherwise_is_not_called_a_wrong_clock(string attribute, string value, string element)
    {
        var document = new SamlPaper().Unsigned;
        ((XmlElement)document.SelectSingleNode($"//*[local-name()='{element}']")!).SetAttribute(attribute, value);
        SamlPaper.Sign(SamlPaper.Assertion(document), SamlPaper.Key);
        SamlPaper.Read(document).Refusal.ShouldBeOfType<SamlTimesWritten>();
    }

    [Theory, Trait("Rule", "P8")]
    [InlineData("a")]
    [InlineData("<")]
    [InlineData("'")]
    [InlineData("\\")]
    [InlineData("ü")]
    [InlineData("😀")]
    public void What_a_test_brought_fits_into_an_address_in_whatever_signs(string sign)
    {
        string Of(int times) => string.Concat(Enumerable.Repeat(sign, times));
        var answers = new TestAnswers(new EphemeralDataProtectionProvider(), TimeProvider.System);
        foreach (var (name, value) in ((int, int)[])[(1, 1), (3, 20), (12, 100), (200, 200)])
        {
            var said = ProviderSaid.Of(Of(value), Of(name), [.. Enumerable.Repeat(new ProviderClaim(Of(name), Of(value)), 60)]);
            (said.Claims.Count + said.More).ShouldBe(60);
            var text = answers.Seal(new OrganizationId(Guid.NewGuid()), said);
            if (name < 200) text.ShouldNotBeNull($"{name}, {value}");
            (text?.Length ?? 0).ShouldBeLessThanOrEqualTo(2_000);
        }
    }

    [Fact]
    public void A_comment_does_not_cut_the_name()
    {
        var answer = SamlPaper.Read(new SamlPaper { Name = "liam@acme.example<!-- -->.evil.example" }.SignedAssertion());
        answer.Value.Name.ShouldBe("liam@acme.example.evil.example");
        // Put in after signing: canonicalization does not see it, so it must not be seen by anybody.
        var document = new SamlPaper { Name = "liam@acme.example.evil.example" }.SignedAssertion();
        var name = document.SelectSingleNode("//*[local-name()='NameID']")!;
        name.InnerXml = "liam@acme.example<!-- x -->.evil.example";
        SamlPaper.Read(document).Value.Name.ShouldBe("liam@acme.example.evil.example");
    }

    [Fact]
    public void Encrypted_answers_are_refused_in_words()
    {
        var xml = new SamlPaper().Unsigned.OuterXml;
        var (from, to) = (xml.IndexOf("<saml:Assertion", StringComparison.Ordinal),
            xml.IndexOf("</saml:Assertion>", StringComparison.Ordinal) + "</saml:Assertion>".Length);
        SamlPaper.Read($"{xml[..from]}<saml:EncryptedAssertion xmlns:saml=\"{SamlNames.Assertion}\"/>{xml[to..]}").Refusal
            .ShouldBeOfType<SamlEncrypted>();
    }
}
