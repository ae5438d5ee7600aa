using System.Xml;
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

/// <summary>What a provider says of itself (SAML metadata 2.0), as far as it concerns us. Its signature is not looked at: the admin who
/// pastes it vouches for it.</summary>
static class ProviderMetadata
{
    const string Field = "metadata";

    public static Outcome<ProviderSettings> Read(string text, DateTimeOffset now)
    {
        if (StrictXml.Read(text)?.DocumentElement is not { NamespaceURI: SamlNames.Metadata } root)
            return new InvalidValue(Field,
                $"This is not SAML metadata. It must begin with an EntityDescriptor, have no DTD "
                + $"and be at most {StrictXml.MostCharacters / 1024} KB.");
        var entities = root.LocalName == "EntitiesDescriptor" ? root.Children("EntityDescriptor", SamlNames.Metadata) : [root];
        if (entities.Where(e => e.LocalName == "EntityDescriptor" && e.Children("IDPSSODescriptor", SamlNames.Metadata).Count > 0)
            .ToList() is not [var entity])
            return new InvalidValue(Field, "This metadata must describe one identity provider (IDPSSODescriptor).");
        if (entity.Only("IDPSSODescriptor", SamlNames.Metadata) is not { } provider)
            return new InvalidValue(Field, "This metadata must describe one identity provider (IDPSSODescriptor).");
        var address = provider.Children("SingleSignOnService", SamlNames.Metadata)
            .FirstOrDefault(s => s.GetAttribute("Binding") == SamlNames.Redirect)?.GetAttribute("Location");
        if (address is null) return new InvalidValue(Field, "This metadata contains no sign-in URL for the HTTP-Redirect binding.");
        var keys = provider.Children("KeyDescriptor", SamlNames.Metadata).Where(k => k.GetAttribute("use") is "" or "signing")
            .SelectMany(k => k.GetElementsByTagName("X509Certificate", SamlNames.Signature).OfType<XmlElement>()).Select(c => c.InnerText)
            .ToList();
        var certificates = CertificateText.Of(keys, now);
        if (!certificates.Granted) return new InvalidValue(Field, $"In this metadata: {certificates.Refusal.Sentence}");
        var settings = ProviderSettings.Of(entity.GetAttribute("entityID"), address, certificates.Value.Taken);
        return settings.Granted
            ? settings.Value with { LeftOut = certificates.Value.LeftOut }
            : new InvalidValue(Field, $"In this metadata: {settings.Refusal.Sentence}");
    }
}
