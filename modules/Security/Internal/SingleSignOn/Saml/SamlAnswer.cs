using System.Security.Cryptography.X509Certificates;
using System.Xml;
using DirectoryPlatform.Kernel.Clocks;

namespace DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

/// <summary>What an answer must be to be ours.</summary>
/// <param name="Issuer">The provider's entity id.</param>
/// <param name="Audience">Our entity id towards this organization's provider.</param>
/// <param name="Address">Where answers are posted to.</param>
sealed record SamlExpected(string Issuer, string Audience, string Address, IReadOnlyList<X509Certificate2> Certificates);

/// <summary>What a verified answer says.</summary>
/// <param name="Request">Which request of ours it answers.</param>
/// <param name="Assertion">Good once.</param>
/// <param name="Name">The email address as the provider wrote it.</param>
/// <param name="AuthenticatedAt">When the provider last asked the person.</param>
sealed record SamlAnswer(string Request, string Assertion, string Name, DateTimeOffset AuthenticatedAt)
{
    /// <summary>How far a provider's clock may be off (own choice; SAML names none).</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(3);

    /// <summary>Longer ids are none of anybody's (own choice).</summary>
    const int LongestId = 256;

    /// <summary>
    /// Reads and verifies (SAML core 2.0, profiles 4.1.4). The signed element is the one that is read: the root, or the one assertion in
    /// it; a document with a second assertion or response anywhere, or with one id twice, is refused before anything in it counts, so that
    /// nothing can be wrapped around what was signed.
    /// </summary>
    public static Outcome<SamlAnswer> Read(string? xml, SamlExpected expected, DateTimeOffset now)
    {
        if (xml is null || StrictXml.Read(xml)?.DocumentElement is not { LocalName: "Response", NamespaceURI: SamlNames.Protocol } response)
            return new SamlUnreadable();
        var all = response.OwnerDocument.SelectNodes("//*")!.OfType<XmlElement>().ToList();
        var status = response.Only("Status", SamlNames.Protocol)?.Only("StatusCode", SamlNames.Protocol)?.GetAttribute("Value");
        if (status is not null and not SamlNames.Success) return new SamlProviderRefused();
        if (all.Any(e => e.NamespaceURI == SamlNames.Assertion
            && e.LocalName is "EncryptedAssertion" or "EncryptedID" or "EncryptedAttribute")) return new SamlEncrypted();
        if (status is null || !IsOne(all, response) || response.Only("Assertion", SamlNames.Assertion) is not { } assertion)
            return new SamlNotOne();
        if (Signed(all, response, assertion, expected) is { } unsigned) return unsigned;
        return Judge(response, assertion, expected, now) is { } refusal ? refusal : Say(response, assertion, now);
    }

    /// <summary>What a signed answer says of the person, whether it will be taken or not; null where the signature is not right.</summary>
    public static ProviderSaid? SaidIn(string xml, SamlExpected expected)
    {
        if (StrictXml.Read(xml)?.DocumentElement is not { LocalName: "Response", NamespaceURI: SamlNames.Protocol } response) return null;
        var all = response.OwnerDocument.SelectNodes("//*")!.OfType<XmlElement>().ToList();
        if (!IsOne(all, response) || response.Only("Assertion", SamlNames.Assertion) is not { } assertion
            || Signed(all, response, assertion, expected) is not null) return null;
        var name = assertion.Only("Subject", SamlNames.Assertion)?.Only("NameID", SamlNames.Assertion);
        var claims = assertion.Children("AttributeStatement", SamlNames.Assertion)
            .SelectMany(s => s.Children("Attribute", SamlNames.Assertion))
            .SelectMany(a => a.Children("AttributeValue", SamlNames.Assertion).Select(v =>
                new ProviderClaim(a.GetAttribute("Name"), Text(v))));
        return ProviderSaid.Of(Text(name), name?.GetAttribute("Format"), [.. claims]);
    }

    /// <summary>Which request it says to answer; not verified, so good for nothing but choosing what to verify by.</summary>
    public static string RequestOf(string xml) => StrictXml.Read(xml)?.DocumentElement?.GetAttribute("InResponseTo") ?? "";

    static bool IsOne(List<XmlElement> all, XmlElement response)
    {
        var ids = all.SelectMany(e => e.Attributes.OfType<XmlAttribute>())
            .Where(a => string.Equals(a.LocalName, "id", StringComparison.OrdinalIgnoreCase)).Select(a => a.Value).ToList();
        return all.Count(e => e is { LocalName: "Assertion" }) == 1 && all.Count(e => e is { LocalName: "Response" }) == 1
            && response.GetAttribute("Version") == "2.0" && response.Only("Assertion", SamlNames.Assertion)
            ?.GetAttribute("ID") is { Length: > 0 }
            && ids.Count == ids.Distinct(StringComparer.Ordinal).Count() && ids.All(i => i.Length is > 0 and <= LongestId);
    }

    /// <summary>Every signature must be a child of the response or of the assertion, over just that, and right. One is enough.</summary>
    static SamlRefusal? Signed(List<XmlElement> all, XmlElement response, XmlElement assertion, SamlExpected expected)
    {
        var signatures = all.Where(e => e is { LocalName: "Signature" }).ToList();
        if (signatures.Count == 0) return new SamlUnsigned();
        var right = signatures.All(s => s.NamespaceURI == SamlNames.Signature && s.ParentNode is XmlElement over
            && (over == response || over == assertion) && PinnedSignature.IsBy(expected.Certificates, s, over))
            && signatures.Select(s => s.ParentNode).Distinct().Count() == signatures.Count;
        return right ? null : new SamlForged();
    }

    static SamlRefusal? Judge(XmlElement response, XmlElement assertion, SamlExpected expected, DateTimeOffset now)
    {
        if (Text(assertion.Only("Issuer", SamlNames.Assertion)) != expected.Issuer) return new SamlOtherIssuer();
        if (response.Children("Issuer", SamlNames.Assertion) is [var issuer, ..] && Text(issuer) != expected.Issuer)
            return new SamlOtherIssuer();
        if (response.GetAttribute("Destination") != expected.Address) return new SamlOtherAddress();
        if (assertion.GetAttribute("Version") != "2.0" || assertion.Only("Subject", SamlNames.Assertion) is not { } subject
            || assertion.Only("Conditions", SamlNames.Assertion) is not { } conditions) return new SamlIncomplete();
        return OfConditions(conditions, expected, now) ?? OfSubject(response, subject, expected, now);
    }

    static SamlRefusal? OfConditions(XmlElement conditions, SamlExpected expected, DateTimeOffset now)
    {
        if (conditions.ChildNodes.OfType<XmlElement>()
            .Any(c => c.NamespaceURI != SamlNames.Assertion
                || c.LocalName is not ("AudienceRestriction" or "OneTimeUse" or "ProxyRestriction"))) return new SamlIncomplete();
        if (!IsNow(conditions, now)) return OutOfTime(conditions);
        var audiences = conditions.Children("AudienceRestriction", SamlNames.Assertion);
        return audiences.Count > 0
            && audiences.All(a => a.Children("Audience", SamlNames.Assertion).Any(one => Text(one) == expected.Audience))
            ? null
            : new SamlOtherAudience();
    }

    static SamlRefusal? OfSubject(XmlElement response, XmlElement subject, SamlExpected expected, DateTimeOffset now)
    {
        if (subject.Children("SubjectConfirmation", SamlNames.Assertion) is not [var confirmation]
            || confirmation.GetAttribute("Method") != SamlNames.Bearer
            || confirmation.Only("SubjectConfirmationData", SamlNames.Assertion) is not { } data) return new SamlIncomplete();
        if (data.GetAttribute("Recipient") != expected.Address) return new SamlOtherAddress();
        if (!IsNow(data, now)) return OutOfTime(data);
        var request = data.GetAttribute("InResponseTo");
        if (request.Length == 0 && response.GetAttribute("InResponseTo").Length == 0) return new SamlFromTile();
        if (request.Length is 0 or > LongestId || response.GetAttribute("InResponseTo") != request) return new SamlUnsolicited();
        return subject.Only("NameID", SamlNames.Assertion) is { } name
            && name.GetAttribute("Format") is "" or SamlNames.EmailFormat or SamlNames.UnspecifiedFormat
            && !name.ChildNodes.OfType<XmlElement>().Any()
            ? null
            : new SamlNoEmail();
    }

    static Outcome<SamlAnswer> Say(XmlElement response, XmlElement assertion, DateTimeOffset now)
    {
        if (assertion.Children("AuthnStatement", SamlNames.Assertion) is not [var statement]
            || statement.GetAttribute("AuthnInstant") is not { Length: > 0 } instant) return new SamlIncomplete();
        if (Time(instant) is not { } at)
            return DateTimeOffset.TryParse(instant, CultureInfo.InvariantCulture, out _) ? new SamlTimesWritten() : new SamlIncomplete();
        if (statement.HasAttribute("SessionNotOnOrAfter") && !(Time(statement.GetAttribute("SessionNotOnOrAfter")) > now - Skew))
            return new SamlOutOfTime();
        if (at > now + Skew) return new SamlOutOfTime();
        return new SamlAnswer(response.GetAttribute("InResponseTo"), assertion.GetAttribute("ID"),
            Text(assertion.Only("Subject", SamlNames.Assertion)!.Only("NameID", SamlNames.Assertion)), at);
    }

    /// <summary>An end there must be; a beginning may be left out.</summary>
    static bool IsNow(XmlElement window, DateTimeOffset now) =>
        Time(window.GetAttribute("NotOnOrAfter")) > now - Skew
            && (!window.HasAttribute("NotBefore") || Time(window.GetAttribute("NotBefore")) <= now + Skew);

    /// <summary>A right time that is written as SAML forbids (core, 1.3.3) is not an old one.</summary>
    static SamlRefusal OutOfTime(XmlElement window) => ((string[])["NotBefore", "NotOnOrAfter"]).Select(window.GetAttribute)
        .Any(t => Time(t) is null && DateTimeOffset.TryParse(t, CultureInfo.InvariantCulture, out _))
        ? new SamlTimesWritten()
        : new SamlOutOfTime();

    /// <summary>All of it, whatever nodes it is made of.</summary>
    static string Text(XmlElement? element) => element?.InnerText.Trim() ?? "";

    static DateTimeOffset? Time(string text) => text.EndsWith('Z') ? WrittenTime.Read(text) : null;
}
