namespace DirectoryPlatform.Security;

/// <summary>Why a browser is led to an organization's identity provider.</summary>
public enum ProviderVisit { SignIn, Proof, Test }

/// <summary>The address leads to an identity provider instead of a password; the answer to a sign-in whose password, right or wrong, was
/// not looked at.</summary>
public sealed record SignInAtProvider(OrganizationId Organization)
    : Refusal("signInAtProvider", "Your organization signs you in through its identity provider.");

/// <summary>Of a person under such a policy: the own password and two-step verification do nothing now,
/// so they are neither asked for nor changed; but for <see cref="GiveCodeAfterProvider"/>.</summary>
public sealed record SignsInAtProvider()
    : Refusal("signsInAtProvider",
        "Your organization signs you in through its identity provider. The password here is not used. Change it there.");

public sealed record NoSingleSignOn()
    : Refusal("noSingleSignOn", "Single sign-on is not used for this email address. Sign in with your password.");

/// <summary>Which organization's provider an address leads to (see <see cref="SsoDiscovery"/> for what that tells a stranger).
/// Throttled as passwords are, and counted apart from them.</summary>
public sealed record FindProvider(string? Email, Origin Origin) : IRequest<Outcome<OrganizationId>>;

/// <summary>Which provider a signed-in person is sent to for proving again who they are; null for whoever proves it by password.</summary>
public sealed record ReadProviderOf(AccountId Account) : IRequest<OrganizationId?>;

/// <summary>
/// Leads a browser to the provider (SAML profiles, 4.1). Nothing is stored: what was asked for travels in a sealed cookie of this browser,
/// good for ten minutes. Refused with <see cref="NotFound"/> where there is no provider, or where it is nothing of the visitor's.
/// </summary>
/// <param name="ReturnTo">A path of ours; dropped when it is long.</param>
/// <param name="Visitor">Who is signed in; needed for a proof and for a test.</param>
public sealed record BeginProviderSignIn(OrganizationId Organization, ProviderVisit For, string? ReturnTo, Visitor? Visitor)
    : IRequest<Outcome<ProviderJourney>>;

/// <param name="Address">At the provider.</param>
/// <param name="Request">Its id: letters, digits, - and _.</param>
/// <param name="Sealed">For the browser's cookie.</param>
public sealed record ProviderJourney(string Address, string Request, string Sealed);

/// <summary>
/// An answer has been posted, from the provider's site and so without any cookie of ours: it is verified and kept for the browser that
/// asked. Who posts it gets nothing by it but a ticket that is of no use without that browser's cookie.
/// </summary>
/// <param name="Response">Base64, as in the form field SAMLResponse.</param>
public sealed record ReceiveProviderAnswer(OrganizationId Organization, string? Response) : IRequest<Outcome<ProviderAnswered>>;

/// <param name="Request">The id of the request that it answers.</param>
/// <param name="Ticket">Good once, for two minutes, in the browser that asked.</param>
public sealed record ProviderAnswered(string Request, string Ticket)
{
    /// <summary>As <see cref="SamlRefusal.Said"/>.</summary>
    public string? Said { get; init; }
}

/// <summary>
/// The browser that asked comes for its answer: a session begins, a proof is noted, or a test is passed. A provider does not go around the
/// second step of whoever administers another organization than its own (SPEC S13): the code is asked for by <see cref="StepNeeded"/>.
/// </summary>
/// <param name="Sealed">From the cookie.</param>
public sealed record FinishProviderSignIn([property: Secret] string? Ticket, [property: Secret] string? Sealed, string Device,
    Visitor? Visitor, Origin Origin) : IRequest<Outcome<ProviderSignInFinished>>;

/// <summary>That code, or a recovery code; guesses are slowed down per account, as after a password. All else is asked again.</summary>
/// <param name="Ticket">From <see cref="StepNeeded"/>.</param>
public sealed record GiveCodeAfterProvider([property: Secret] string? Ticket, [property: Secret] string? Code, string Device,
    Visitor? Visitor, Origin Origin) : IRequest<Outcome<ProviderSignInFinished>>;

/// <param name="ReturnTo">As it was given; null for none.</param>
/// <param name="Session">The new session's secret; null but for a sign-in.</param>
/// <param name="Named">The address that the provider named.</param>
/// <param name="Adopted">Whether waiting settings came into force by this test.</param>
public sealed record ProviderSignInFinished(ProviderVisit For, OrganizationId Organization, string? ReturnTo, string? Session, string Named,
    bool Adopted);
