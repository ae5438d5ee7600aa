using System.IO.Compression;
using System.Xml.Linq;

namespace DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

/// <summary>Our question to a provider, as an address that the browser is led to (SAML bindings, 3.4).</summary>
static class SamlRequest
{
    /// <param name="afresh">Whether the provider has to ask the person again, however lately it did.</param>
    public static string Address(string signInAddress, string id, string entityId, string answersTo, bool afresh, DateTimeOffset now)
    {
        XNamespace protocol = SamlNames.Protocol, assertion = SamlNames.Assertion;
        var xml = new XElement(protocol + "AuthnRequest", new XAttribute(XNamespace.Xmlns + "samlp", protocol),
            new XAttribute(XNamespace.Xmlns + "saml", assertion),
            new XAttribute("ID", id), new XAttribute("Version", "2.0"),
            new XAttribute("IssueInstant", now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            new XAttribute("Destination", signInAddress), new XAttribute("AssertionConsumerServiceURL", answersTo),
            new XAttribute("ProtocolBinding", SamlNames.Post),
            afresh ? new XAttribute("ForceAuthn", "true") : null,
            new XElement(assertion + "Issuer", entityId),
            new XElement(protocol + "NameIDPolicy", new XAttribute("Format", SamlNames.EmailFormat),
                new XAttribute("AllowCreate", "true")));
        var request = Convert.ToBase64String(Deflate(xml.ToString(SaveOptions.DisableFormatting)));
        return $"{signInAddress}{(signInAddress.Contains('?') ? '&' : '?')}SAMLRequest={Uri.EscapeDataString(request)}";
    }

    static byte[] Deflate(string xml)
    {
        using var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal)) deflate.Write(Encoding.UTF8.GetBytes(xml));
        return output.ToArray();
    }
}

/// <summary>Names of SAML 2.0 and of XML signatures, as the standards spell them.</summary>
static class SamlNames
{
    public const string
        Protocol = "urn:oasis:names:tc:SAML:2.0:protocol",
        Assertion = "urn:oasis:names:tc:SAML:2.0:assertion",
        Metadata = "urn:oasis:names:tc:SAML:2.0:metadata",
        Signature = "http://www.w3.org/2000/09/xmldsig#",
        Redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
        Post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        Success = "urn:oasis:names:tc:SAML:2.0:status:Success",
        Bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer",
        EmailFormat = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        UnspecifiedFormat = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        ExclusiveC14N = "http://www.w3.org/2001/10/xml-exc-c14n#",
        Enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
}
