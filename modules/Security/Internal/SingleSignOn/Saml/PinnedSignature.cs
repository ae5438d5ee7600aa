using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Xml;

namespace DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

/// <summary>
/// Whether an element carries a signature over itself by one of the keys that the organization has pinned. Narrow on purpose (SAML core,
/// 5.4): one reference, to the very element that carries it; enveloped signature and exclusive canonicalization only; SHA-256 or better;
/// whatever key the document itself brings is not looked at.
/// </summary>
static class PinnedSignature
{
    static readonly HashSet<string> Methods =
    [
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    ];

    static readonly HashSet<string> Digests = ["http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512"];

    /// <param name="signature">A child of <paramref name="over"/>.</param>
    public static bool IsBy(IReadOnlyList<X509Certificate2> pinned, XmlElement signature, XmlElement over)
    {
        if (!HasAllowedShape(signature)) return false;
        try
        {
            var signed = new OverOne(over);
            signed.LoadXml(signature);
            if (!IsAllowed(signed, over)) return false;
            foreach (var certificate in pinned)
            {
                using var key = certificate.GetRSAPublicKey();
                if (key is not null && signed.CheckSignature(key)) return true;
            }
            return false;
        }
        catch (Exception torn)
        when (torn is CryptographicException or FormatException or XmlException or ArgumentException or NullReferenceException)
        {
            return false;
        }
    }

    static bool IsAllowed(OverOne signed, XmlElement over) =>
        signed.SignedInfo is { CanonicalizationMethod: SamlNames.ExclusiveC14N, SignatureMethod: { } method, References.Count: 1 } info
            && Methods.Contains(method)
        && info.References[0] is Reference { DigestMethod: { } digest, Uri: { } uri } reference && Digests.Contains(digest)
        && over.GetAttribute("ID") is { Length: > 0 } id && uri == $"#{id}"
        && Enumerable.Range(0, reference.TransformChain.Count).Select(i => reference.TransformChain[i].Algorithm)
        .ToArray() is [SamlNames.Enveloped] or [SamlNames.Enveloped, SamlNames.ExclusiveC14N];

    /// <summary>Only SignedInfo, SignatureValue and KeyInfo: no Object in which something could hide, and no second one of any.</summary>
    static bool HasAllowedShape(XmlElement signature) =>
        signature.Children("SignedInfo", SamlNames.Signature).Count == 1
            && signature.Children("SignatureValue", SamlNames.Signature).Count == 1
        && signature.ChildNodes.OfType<XmlElement>()
        .All(e => e.NamespaceURI == SamlNames.Signature && e.LocalName is "SignedInfo" or "SignatureValue" or "KeyInfo")
        && signature.Children("KeyInfo", SamlNames.Signature).Count <= 1;

    /// <summary>Finds nothing by its id but the element in question.</summary>
    sealed class OverOne(XmlElement element) : SignedXml(element)
    {
        readonly XmlElement _element = element;

        public override XmlElement? GetIdElement(XmlDocument? document, string idValue) => idValue == _element.GetAttribute("ID")
            ? _element
            : null;
    }
}
