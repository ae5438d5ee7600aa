using System.Xml.Linq;

namespace DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

/// <summary>What a provider has to know of us, in the form that it can read by itself (SAML metadata 2.0).</summary>
static class OurMetadata
{
    public static string Write(string entityId, string answersTo)
    {
        XNamespace md = SamlNames.Metadata;
        var xml = new XElement(md + "EntityDescriptor", new XAttribute(XNamespace.Xmlns + "md", md), new XAttribute("entityID", entityId),
            new XElement(md + "SPSSODescriptor", new XAttribute("AuthnRequestsSigned", "false"),
                new XAttribute("WantAssertionsSigned", "true"), new XAttribute("protocolSupportEnumeration", SamlNames.Protocol),
                new XElement(md + "NameIDFormat", SamlNames.EmailFormat),
                new XElement(md + "AssertionConsumerService", new XAttribute("Binding", SamlNames.Post),
                    new XAttribute("Location", answersTo), new XAttribute("index", "0"), new XAttribute("isDefault", "true"))));
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}\n";
    }
}
