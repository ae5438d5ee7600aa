using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Xml;
using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Writes and really signs answers as a provider would, and lets tests spoil them before or after.</summary>
sealed class SamlPaper
{
    public const string Issuer = "https://idp.example/entity", Audience = "https://directory.example/sso/acme", Acs = Audience + "/acs",
    Request = "_s-of-this-browser";

    /// <summary>The same in every run, valid until 2046: what is kept in <c>tests/corpus</c> is signed by it.</summary>
    public static readonly X509Certificate2 Key =
        X509Certificate2.CreateFromPemFile(Path.Combine(Checkout.Root.FullName, "tests", "Support", "saml-test-key.pem"));

    public static readonly X509Certificate2 OtherKey = New("CN=Somebody");
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public string ResponseIssuer { get; init; } = Issuer;
    public string AssertionIssuer { get; init; } = Issuer;
    public string Destination { get; init; } = Acs;
    public string Recipient { get; init; } = Acs;
    public string To { get; init; } = Audience;
    public string InResponseTo { get; init; } = Request;
    public string ConfirmedRequest { get; init; } = Request;
    public string Name { get; init; } = "liam@acme.example";
    public string Format { get; init; } = SamlNames.EmailFormat;
    public string Status { get; init; } = SamlNames.Success;
    public TimeSpan Age { get; init; }
    public string More { get; init; } = "";
    public string Method { get; init; } = SamlNames.Bearer;
    public string AssertionId { get; init; } = "_assertion";

    static string At(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public string AssertionXml
    {
        get
        {
            var at = Now - Age;
            return $"""<saml:Assertion xmlns:saml="{SamlNames.Assertion}" Version="2.0" ID="{AssertionId}" IssueInstant="{At(at)}">"""
                + $"""<saml:Issuer>{AssertionIssuer}</saml:Issuer><saml:Subject><saml:NameID Format="{Format}">{Name}</saml:NameID>"""
                + $"""<saml:SubjectConfirmation Method="{Method}"><saml:SubjectConfirmationData """
                + $"""NotOnOrAfter="{At(at.AddMinutes(5))}" Recipient="{Recipient}" InResponseTo="{ConfirmedRequest}"/>"""
                + "</saml:SubjectConfirmation></saml:Subject>"
                + $"""<saml:Conditions NotBefore="{At(at)}" NotOnOrAfter="{At(at.AddMinutes(5))}">"""
                + $"""<saml:AudienceRestriction><saml:Audience>{To}</saml:Audience></saml:AudienceRestriction>{More}</saml:Conditions>"""
                + $"""<saml:AuthnStatement AuthnInstant="{At(at)}"><saml:AuthnContext>"""
                + "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
                + "</saml:AuthnContext></saml:AuthnStatement></saml:Assertion>";
        }
    }

    public XmlDocument Unsigned => Load(
        $"""<samlp:Response xmlns:samlp="{SamlNames.Protocol}" Version="2.0" ID="_response" IssueInstant="{At(Now - Age)}" """
        + $"""Destination="{Destination}" InResponseTo="{InResponseTo}">"""
        + $"""<saml:Issuer xmlns:saml="{SamlNames.Assertion}">{ResponseIssuer}</saml:Issuer>"""
        + $"""<samlp:Status><samlp:StatusCode Value="{Status}"/></samlp:Status>{AssertionXml}</samlp:Response>""");

    public XmlDocument SignedAssertion(X509Certificate2? by = null, string? digest = null, string? method = null, bool keyInfo = true)
    {
        var document = Unsigned;
        Sign(Assertion(document), by ?? Key, digest, method, keyInfo);
        return document;
    }

    public XmlDocument SignedResponse(X509Certificate2? by = null)
    {
        var document = Unsigned;
        Sign(document.DocumentElement!, by ?? Key);
        return document;
    }

    public static XmlElement Assertion(XmlDocument document) =>
        (XmlElement)document.GetElementsByTagName("Assertion", SamlNames.Assertion)[0]!;

    public static XmlElement Signature(XmlDocument document) =>
        (XmlElement)document.GetElementsByTagName("Signature", SamlNames.Signature)[0]!;

    /// <summary>After the issuer, where the schema has it.</summary>
    public static void Sign(XmlElement element, X509Certificate2 by, string? digest = null, string? method = null, bool keyInfo = true,
        params Transform[] transforms)
    {
        var signed = new ById(element) { SigningKey = by.GetRSAPrivateKey() };
        signed.SignedInfo!.CanonicalizationMethod = SamlNames.ExclusiveC14N;
        signed.SignedInfo.SignatureMethod = method ?? SignedXml.XmlDsigRSASHA256Url;
        var reference = new Reference($"#{element.GetAttribute("ID")}") { DigestMethod = digest ?? SignedXml.XmlDsigSHA256Url };
        foreach (var transform in transforms.Length > 0
            ? transforms
            : [new XmlDsigEnvelopedSignatureTransform(), new XmlDsigExcC14NTransform()]) reference.AddTransform(transform);
        signed.AddReference(reference);
        if (keyInfo) (signed.KeyInfo = new KeyInfo()).AddClause(new KeyInfoX509Data(by));
        signed.ComputeSignature();
        element.InsertAfter(element.OwnerDocument.ImportNode(signed.GetXml(), true), element.ChildNodes.OfType<XmlElement>()
            .First(e => e.LocalName == "Issuer"));
    }

    public static Outcome<SamlAnswer> Read(XmlDocument document, DateTimeOffset? now = null) => Read(document.OuterXml, now);

    public static Outcome<SamlAnswer> Read(string xml, DateTimeOffset? now = null) =>
        SamlAnswer.Read(xml, new(Issuer, Audience, Acs, [Key]), now ?? Now);

    static XmlDocument Load(string xml)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml(xml);
        return document;
    }

    static X509Certificate2 New(string subject)
    {
        var key = RSA.Create(2048);
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(2));
    }

    sealed class ById(XmlElement element) : SignedXml(element)
    {
        readonly XmlElement _element = element;
        public override XmlElement? GetIdElement(XmlDocument? document, string idValue) => _element;
    }
}
