using System.Security.Cryptography.Xml;
using System.Xml;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security.Saml;

/// <summary>What an attacker does who has a real answer of the provider, for the own account:
/// none of it may name somebody else (SPEC S5).</summary>
[Trait("Rule", "S5"), Trait("Rule", "A9")]
public sealed class ForgeAnswers
{
    const string Victim = "ada@acme.example";

    /// <summary>The victim's assertion, unsigned, with an id of its own.</summary>
    static XmlElement Evil(XmlDocument into, string id = "_evil") =>
        (XmlElement)into.ImportNode(SamlPaper.Assertion(new SamlPaper { Name = Victim, AssertionId = id }.Unsigned), true);

    static XmlElement EvilResponse(XmlDocument into) =>
        (XmlElement)into.ImportNode(new SamlPaper { Name = Victim, AssertionId = "_evil" }.Unsigned.DocumentElement!, true);

    static XmlElement Element(XmlDocument document, string prefix, string name, string space) =>
        document.CreateElement(prefix, name, space);

    /// <summary>The eight ways of Somorovsky and others, "On Breaking SAML" (2012), 4.3.</summary>
    static XmlDocument Wrapped(int way)
    {
        var document = way <= 2 ? new SamlPaper().SignedResponse() : new SamlPaper().SignedAssertion();
        var (root, assertion, signature) = (document.DocumentElement!, SamlPaper.Assertion(document), SamlPaper.Signature(document));
        switch (way)
        {
            case 1: // The signed response goes into its signature's own, below a forged one.
            case 2: // The same, detached: beside the signature.
                var evil = EvilResponse(document);
                evil.SetAttribute("ID", "_evil-response");
                document.ReplaceChild(evil, root);
                root.RemoveChild(signature);
                if (way == 1) signature.AppendChild(Wrap(document, root));
                else evil.InsertAfter(root, evil.FirstChild);
                evil.InsertAfter(signature, evil.FirstChild);
                break;
            case 3: // A forged assertion before the signed one.
                root.InsertBefore(Evil(document), assertion);
                break;
            case 4: // The signed assertion inside of the forged one.
                var around = Evil(document);
                root.ReplaceChild(around, assertion);
                around.AppendChild(assertion);
                break;
            case 5: // The signature in the forged assertion, the signed one behind.
                var changed = Evil(document);
                root.ReplaceChild(changed, assertion);
                assertion.RemoveChild(signature);
                changed.InsertAfter(signature, changed.FirstChild);
                root.AppendChild(assertion);
                break;
            case 6: // The signed assertion inside of the signature in the forged one.
                var six = Evil(document);
                root.ReplaceChild(six, assertion);
                assertion.RemoveChild(signature);
                signature.AppendChild(assertion);
                six.InsertAfter(signature, six.FirstChild);
                break;
            case 7: // The signed one in an extension, the forged one in its place.
                var extensions = Element(document, "samlp", "Extensions", SamlNames.Protocol);
                root.ReplaceChild(Evil(document), assertion);
                root.InsertAfter(extensions, root.FirstChild);
                extensions.AppendChild(assertion);
                break;
            default: // The signed one in an Object of the signature that the forged one carries.
                var eight = Evil(document);
                root.ReplaceChild(eight, assertion);
                assertion.RemoveChild(signature);
                signature.AppendChild(Wrap(document, assertion));
                eight.InsertAfter(signature, eight.FirstChild);
                break;
        }
        return document;
    }

    static XmlElement Wrap(XmlDocument document, XmlElement what)
    {
        var wrap = Element(document, "ds", "Object", SamlNames.Signature);
        wrap.AppendChild(what);
        return wrap;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Nothing_is_wrapped_around_what_was_signed(int way)
    {
        var document = Wrapped(way);
        document.OuterXml.ShouldContain(Victim);
        SamlPaper.Read(document).Refusal.ShouldBeOfType<SamlNotOne>();
        // Even if the count of assertions did not stop it: the signature would not fit the element that is read.
        foreach (var signature in document.GetElementsByTagName("Signature", SamlNames.Signature).OfType<XmlElement>())
            if (signature.ParentNode is XmlElement over && over.OuterXml.Contains(Victim, StringComparison.Ordinal)
                && over.GetAttribute("ID") is "_evil" or "_evil-response")
                PinnedSignature.IsBy([SamlPaper.Key], signature, (XmlElement)signature.ParentNode).ShouldBeFalse();
    }

    [Fact]
    public void Two_elements_never_have_one_id()
    {
        var document = new SamlPaper().SignedAssertion();
        document.DocumentElement!.SetAttribute("ID", "_assertion");
        SamlPaper.Read(document).Refusal.ShouldBeOfType<SamlNotOne>();
    }

    [Fact]
    public void Two_signed_assertions_are_one_too_many()
    {
        var (one, two) = (new SamlPaper().SignedAssertion(), new SamlPaper { AssertionId = "_second", Name = Victim }.SignedAssertion());
        one.DocumentElement!.AppendChild(one.ImportNode(SamlPaper.Assertion(two), true));
        SamlPaper.Read(one).Refusal.ShouldBeOfType<SamlNotOne>();
    }

    [Fact]
    public void Without_a_signature_nothing_is_believed() =>
        SamlPaper.Read(new SamlPaper().Unsigned).Refusal.ShouldBeOfType<SamlUnsigned>();

    [Fact]
    public void Another_key_does_not_do_although_the_document_brings_its_certificate_along()
    {
        SamlPaper.Read(new SamlPaper().SignedAssertion(by: SamlPaper.OtherKey)).Refusal.ShouldBeOfType<SamlForged>();
        SamlPaper.Read(new SamlPaper().SignedResponse(by: SamlPaper.OtherKey)).Refusal.ShouldBeOfType<SamlForged>();
    }

    [Fact]
    public void A_right_signature_beside_a_wrong_one_does_not_do()
    {
        var document = new SamlPaper().SignedAssertion();
        SamlPaper.Sign(document.DocumentElement!, SamlPaper.OtherKey);
        SamlPaper.Read(document).Refusal.ShouldBeOfType<SamlForged>();
    }

    [Theory]
    [InlineData("//*[local-name()='NameID']")]
    [InlineData("//*[local-name()='Audience']")]
    [InlineData("//*[local-name()='DigestValue']")]
    [InlineData("//*[local-name()='SignatureValue']")]
    public void What_was_changed_after_signing_does_not_fit(string where)
    {
        foreach (var document in (XmlDocument[])[new SamlPaper().SignedAssertion(), new SamlPaper().SignedResponse()])
        {
            document.SelectSingleNode(where)!.InnerText = where.Contains("Value", StringComparison.Ordinal)
                ? Convert.ToBase64String(new byte[32])
                : Victim;
            SamlPaper.Read(document).Refusal.ShouldBeOfType<SamlForged>();
        }
    }

    [Theory]
    [InlineData(SignedXml.XmlDsigSHA1Url, null)]
    [InlineData(null, SignedXml.XmlDsigRSASHA1Url)]
    public void Sha1_does_not_do(string? digest, string? method) =>
        SamlPaper.Read(new SamlPaper().SignedAssertion(digest: digest, method: method)).Refusal.ShouldBeOfType<SamlForged>();

    [Fact]
    public void The_pinned_certificate_is_no_shared_secret()
    {
        var document = new SamlPaper { Name = Victim }.SignedAssertion();
        var signature = SamlPaper.Signature(document);
        ((XmlElement)signature.SelectSingleNode(".//*[local-name()='SignatureMethod']")!)
            .SetAttribute("Algorithm", SignedXml.XmlDsigHMACSHA1Url);
        SamlPaper.Read(document).Refusal.ShouldBeOfType<SamlForged>();
    }

    [Fact]
    public void Transforms_that_could_leave_something_out_are_refused()
    {
        var path = new XmlDsigXPathTransform();
        var holder = new XmlDocument();
        holder.LoadXml("<XPath>not(ancestor-or-self::*[local-name()='NameID'])</XPath>");
        path.LoadInnerXml(holder.ChildNodes);
        foreach (var transforms in (Transform[][])[[new XmlDsigEnvelopedSignatureTransform(), path],
            [new XmlDsigEnvelopedSignatureTransform(), new XmlDsigExcC14NWithCommentsTransform()],
            [new XmlDsigEnvelopedSignatureTransform(), new XmlDsigC14NTransform()]])
        {
            var document = new SamlPaper().Unsigned;
            SamlPaper.Sign(SamlPaper.Assertion(document), SamlPaper.Key, transforms: transforms);
            SamlPaper.Read(document).Refusal.ShouldBeOfType<SamlForged>();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("#_response")]
    public void The_reference_is_to_the_very_element(string uri)
    {
        var document = new SamlPaper().SignedAssertion();
        ((XmlElement)document.SelectSingleNode("//*[local-name()='Reference']")!).SetAttribute("URI", uri);
        SamlPaper.Read(document).Refusal.ShouldBeOfType<SamlForged>();
    }

    [Theory]
    [InlineData("<!DOCTYPE r [<!ENTITY e \"ada@acme.example\">]>")]
    [InlineData("<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>")]
    [InlineData("<!DOCTYPE r SYSTEM \"file:///etc/passwd\">")]
    [InlineData("<?xml-stylesheet href=\"x\"?>")]
    public void No_dtd_no_entity_no_instruction(string before) =>
        SamlPaper.Read(before + new SamlPaper().SignedAssertion().OuterXml).Refusal.ShouldBeOfType<SamlUnreadable>();

    [Fact]
    public void Neither_depth_nor_size_brings_the_process_down()
    {
        SamlPaper.Read(string.Concat(Enumerable.Repeat("<a>", 30_000)) + string.Concat(Enumerable.Repeat("</a>", 30_000))).Refusal
            .ShouldBeOfType<SamlUnreadable>();
        SamlPaper.Read($"<a>{new string('a', StrictXml.MostCharacters)}</a>").Refusal.ShouldBeOfType<SamlUnreadable>();
        var deep = new SamlPaper
        {
            More = string.Concat(Enumerable.Repeat("<a>", 3_000))
            + string.Concat(Enumerable.Repeat("</a>", 3_000))
        };
        SamlPaper.Read(deep.Unsigned).Refusal.ShouldBeOfType<SamlUnreadable>();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no xml")]
    [InlineData("<a/>")]
    [InlineData("<Response/>")]
    [InlineData("<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>")]
    public void What_is_none_is_refused(string? xml) => SamlPaper.Read(xml!).Refusal.ShouldBeAssignableTo<SamlRefusal>();
}
