namespace DirectoryPlatform.Security;

/// <summary>Why an answer of an identity provider was not taken. The sentences are for whoever wanted to sign in and for the admin whom
/// they ask; none holds anything that the answer said.</summary>
public abstract record SamlRefusal(string Code, string Sentence) : Refusal(Code, Sentence)
{
    /// <summary>By code, for the page that the browser is led to:
    /// an answer comes from another site, so it is told after a redirect.</summary>
    public static IReadOnlyDictionary<string, SamlRefusal> All { get; } = ((SamlRefusal[])
    [
        new SamlUnreadable(), new SamlProviderRefused(), new SamlEncrypted(), new SamlNotOne(), new SamlUnsigned(), new SamlForged(),
        new SamlOtherIssuer(), new SamlOtherAddress(), new SamlOtherAudience(),
        new SamlUnsolicited(), new SamlOutOfTime(), new SamlNoEmail(), new SamlIncomplete(), new SamlUsed(), new SamlOtherBrowser(),
        new SamlNotOfThisOrganization(), new SamlNotAskedForHere(),
        new SamlNotAfresh(), new SamlOtherPerson(), new SamlNoProvider(),
    ]).ToDictionary(r => r.Code);
}

public sealed record SamlUnreadable()
    : SamlRefusal("samlUnreadable", "The identity provider’s answer cannot be read: it is not a SAML response, or it is far too large.");
public sealed record SamlProviderRefused()
    : SamlRefusal("samlProviderRefused", "The identity provider has not signed you in. Ask whoever runs it, or try again.");
public sealed record SamlEncrypted()
    : SamlRefusal("samlEncrypted",
        "The identity provider’s answer is encrypted, which is not supported. "
        + "An admin turns encryption of assertions off at the provider.");
public sealed record SamlNotOne()
    : SamlRefusal("samlNotOne", "The identity provider’s answer must hold one assertion, and each of its ids once.");
public sealed record SamlUnsigned()
    : SamlRefusal("samlUnsigned", "The identity provider’s answer is not signed. An admin turns signing on at the provider.");
public sealed record SamlForged()
    : SamlRefusal("samlForged",
        "The signature of the identity provider’s answer does not fit. It must be made with SHA-256 or better, by one of the "
        + "certificates that your organization has entered.");
public sealed record SamlOtherIssuer()
    : SamlRefusal("samlOtherIssuer", "The answer comes from another identity provider than your organization’s.");
public sealed record SamlOtherAddress()
    : SamlRefusal("samlOtherAddress",
        "The identity provider’s answer was meant for another address. An admin compares the ACS address at the provider.");
public sealed record SamlOtherAudience()
    : SamlRefusal("samlOtherAudience",
        "The identity provider’s answer was meant for another application. An admin compares the entity id (audience) at the provider.");
public sealed record SamlUnsolicited()
    : SamlRefusal("samlUnsolicited", "Signing in begins here, not at the identity provider. Enter your email address to go on.");
public sealed record SamlOutOfTime()
    : SamlRefusal("samlOutOfTime", "The identity provider’s answer is too old, or its clock is wrong. Try again.");
public sealed record SamlNoEmail()
    : SamlRefusal("samlNoEmail",
        "The identity provider’s answer names nobody by an email address. An admin sets the name id to the email address at "
        + "the provider.");
public sealed record SamlIncomplete()
    : SamlRefusal("samlIncomplete",
        "The identity provider’s answer lacks something that it must say, or says something unknown about its use.");
public sealed record SamlUsed() : SamlRefusal("samlUsed", "This answer of the identity provider was used already. Sign in again.");
public sealed record SamlOtherBrowser()
    : SamlRefusal("samlOtherBrowser", "This sign-in was begun over ten minutes ago, or in another browser. Sign in again.");
public sealed record SamlNotOfThisOrganization()
    : SamlRefusal("samlNotOfThisOrganization", "The identity provider has named somebody whose account this organization does not manage.");
public sealed record SamlNotAskedForHere()
    : SamlRefusal("samlNotAskedForHere",
        "The authentication policy of this account does not sign in through the identity provider. Sign in with your password.");
public sealed record SamlNotAfresh()
    : SamlRefusal("samlNotAfresh", "The identity provider has not asked you again who you are. Try again, and sign in there.");
public sealed record SamlOtherPerson()
    : SamlRefusal("samlOtherPerson", "The identity provider has named somebody else than who is signed in here.");
public sealed record SamlNoProvider()
    : SamlRefusal("samlNoProvider", "This organization has no identity provider any more. Sign in with your password.");
