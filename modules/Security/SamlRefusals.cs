namespace DirectoryPlatform.Security;

/// <summary>Why an answer of an identity provider was not taken. The sentences are for whoever wanted to sign in and for the admin whom
/// they ask; none holds anything that the answer said.</summary>
public abstract record SamlRefusal(string Code, string Sentence) : Refusal(Code, Sentence)
{
    /// <summary>Of an admin's test: what the answer said, sealed for <see cref="ReadTestAnswer"/>. Null for all others.</summary>
    public string? Said { get; init; }

    /// <summary>By code, for the page that the browser is led to:
    /// an answer comes from another site, so it is told after a redirect.</summary>
    public static IReadOnlyDictionary<string, SamlRefusal> All { get; } = ((SamlRefusal[])
    [
        new SamlUnreadable(), new SamlProviderRefused(), new SamlEncrypted(), new SamlNotOne(), new SamlUnsigned(), new SamlForged(),
        new SamlOtherIssuer(), new SamlOtherAddress(), new SamlOtherAudience(),
        new SamlUnsolicited(), new SamlFromTile(), new SamlOutOfTime(), new SamlTimesWritten(),
        new SamlNoEmail(), new SamlIncomplete(), new SamlUsed(), new SamlOtherBrowser(),
        new SamlNotOfThisOrganization(), new SamlNotAskedForHere(),
        new SamlNotAfresh(), new SamlOtherPerson(), new SamlNoProvider(), new SamlNotActive(),
    ]).ToDictionary(r => r.Code);
}

public sealed record SamlUnreadable()
    : SamlRefusal("samlUnreadable", "The identity provider’s response cannot be read: it is not a SAML response, or it is too large.");
public sealed record SamlProviderRefused()
    : SamlRefusal("samlProviderRefused", "The identity provider did not sign you in. Try again, or contact its admin.");
public sealed record SamlEncrypted()
    : SamlRefusal("samlEncrypted",
        "The identity provider’s response is encrypted, which is not supported. "
        + "Ask an admin to turn off assertion encryption at the provider.");
public sealed record SamlNotOne()
    : SamlRefusal("samlNotOne", "The identity provider’s response must contain exactly one assertion and no repeated IDs.");
public sealed record SamlUnsigned()
    : SamlRefusal("samlUnsigned", "The identity provider’s response is not signed. Ask an admin to turn on signing at the provider.");
public sealed record SamlForged()
    : SamlRefusal("samlForged",
        "The signature of the identity provider’s response is not valid. It must use SHA-256 or better and one of the "
        + "certificates that your organization has entered.");
public sealed record SamlOtherIssuer()
    : SamlRefusal("samlOtherIssuer", "The response does not come from your organization’s identity provider.");
public sealed record SamlOtherAddress()
    : SamlRefusal("samlOtherAddress",
        "The identity provider’s response was meant for another address. Ask an admin to check the ACS URL at the provider.");
public sealed record SamlOtherAudience()
    : SamlRefusal("samlOtherAudience",
        "The identity provider’s response was meant for another application. "
            + "Ask an admin to check the entity ID (audience) at the provider.");
public sealed record SamlUnsolicited()
    : SamlRefusal("samlUnsolicited", "Start signing in here, not at the identity provider. Enter your email address to continue.");

/// <summary>The provider began by itself (SAML profiles, 4.1.5): a tile among a person's apps. Asked by us it says the same again.
/// </summary>
public sealed record SamlFromTile()
    : SamlRefusal("samlFromTile",
        "Your identity provider opened this page by itself. Select the button below to sign in through it.");
public sealed record SamlOutOfTime()
    : SamlRefusal("samlOutOfTime", "The identity provider’s response is too old, or its clock is wrong. Try again.");
public sealed record SamlTimesWritten()
    : SamlRefusal("samlTimesWritten",
        "The identity provider writes times in a way that SAML does not allow: they must end with Z, such as 2026-01-31T12:00:00Z. "
        + "Ask an admin to change it at the provider.");
public sealed record SamlNoEmail()
    : SamlRefusal("samlNoEmail",
        "The identity provider’s response contains no email address. "
        + "Ask an admin to set the name ID to the email address at the provider.");
public sealed record SamlIncomplete()
    : SamlRefusal("samlIncomplete",
        "The identity provider’s response is incomplete, or contains unknown conditions.");
public sealed record SamlUsed() : SamlRefusal("samlUsed", "This response of the identity provider was already used. Sign in again.");
public sealed record SamlOtherBrowser()
    : SamlRefusal("samlOtherBrowser", "This sign-in was started more than ten minutes ago or in another browser. Sign in again.");
public sealed record SamlNotOfThisOrganization()
    : SamlRefusal("samlNotOfThisOrganization", "The identity provider returned someone whose account this organization does not manage.");
public sealed record SamlNotAskedForHere()
    : SamlRefusal("samlNotAskedForHere",
        "The authentication policy of this account does not use the identity provider. Sign in with your password.");
public sealed record SamlNotAfresh()
    : SamlRefusal("samlNotAfresh", "The identity provider did not ask you to sign in again. Try again, and sign in there.");
public sealed record SamlOtherPerson()
    : SamlRefusal("samlOtherPerson", "The identity provider returned a different person from the one signed in here.");
public sealed record SamlNoProvider()
    : SamlRefusal("samlNoProvider", "This organization has no identity provider here. Sign in with your password.");
public sealed record SamlNotActive()
    : SamlRefusal("samlNotActive",
        "Single sign-on is not active yet: an admin must complete a test sign-in first. Sign in with your password.");
