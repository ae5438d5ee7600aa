namespace DirectoryPlatform.Security;

/// <summary>A certificate whose key an organization trusts to sign for its provider. Only the key counts: the provider's signature, not an
/// authority's, is what is believed (SAML metadata interoperability profile 1.0, 2.6).</summary>
/// <param name="Base64">DER.</param>
/// <param name="Fingerprint">SHA-256 in hex, for comparing by eye and for the audit log.</param>
public sealed record ProviderCertificate(string Base64, string Subject, DateTimeOffset From, DateTimeOffset Until, string Fingerprint);

/// <summary>How an organization's identity provider is reached and recognised.</summary>
/// <param name="EntityId">What the provider calls itself, 1 to 1,024 characters (SAML core, 8.3.6).</param>
/// <param name="SignInAddress">Where browsers are led, by https.</param>
public sealed record ProviderSettings(string EntityId, string SignInAddress, IReadOnlyList<ProviderCertificate> Certificates)
{
    const int LongestEntityId = 1_024, LongestAddress = 2_000;

    /// <summary>Certificates that were given with the others and cannot be used (SPEC P8): each by its subject, with the reason.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    internal static Outcome<ProviderSettings> Of(string? entityId, string? address, IReadOnlyList<ProviderCertificate> certificates)
    {
        var (id, to) = (entityId?.Trim() ?? "", address?.Trim() ?? "");
        return (FaultOfId(id) ?? FaultOfAddress(to)) is { } fault ? fault : new ProviderSettings(id, to, certificates);
    }

    /// <summary>All that is wrong, in the order of the fields.</summary>
    internal static IEnumerable<Refusal> Faults(string? entityId, string? address) =>
        new[] { FaultOfId(entityId?.Trim() ?? ""), FaultOfAddress(address?.Trim() ?? "") }.OfType<Refusal>();

    static InvalidValue? FaultOfId(string id) =>
        id.Length is 0 or > LongestEntityId || id.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            ? new("entityId", $"Enter the provider’s entity ID: 1 to {LongestEntityId} characters without spaces.")
            : null;

    static InvalidValue? FaultOfAddress(string to)
    {
        if (to.Length is 0 or > LongestAddress || !Uri.TryCreate(to, UriKind.Absolute, out var uri)
            || to.Any(c => c is <= ' ' or > '~' or '"' or '<' or '>' or '\\'))
            return new("signInAddress", "Enter the provider’s sign-in URL, such as https://idp.example.com/sso.");
        if (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            return new("signInAddress", "The sign-in URL must begin with https://.");
        return uri.UserInfo.Length > 0 || uri.Fragment.Length > 0
            ? new("signInAddress", "Enter the sign-in URL without a user name and without a part after #.")
            : null;
    }
}

/// <param name="EntityId">Our own, towards this organization's provider: what providers call audience.</param>
/// <param name="AnswersTo">The ACS address.</param>
/// <param name="Metadata">Where both can be read by the provider itself.</param>
public sealed record OurSide(string EntityId, string AnswersTo, string Metadata);

/// <param name="InForce">Settings that a test sign-in has shown to work; null before the first.</param>
/// <param name="Proposed">Settings that wait for their test sign-in; null for none.</param>
/// <param name="Policies">Names of the policies that lead people to the provider.</param>
public sealed record IdentityProviderView(OurSide Ours, ProviderSettings? InForce, ProviderSettings? Proposed,
    IReadOnlyList<string> Policies);

/// <summary>The organization's identity provider, or what it would need to know of us.</summary>
public sealed record ReadIdentityProvider(OrganizationId Organization) : IRequest<IdentityProviderView>;

/// <summary>Our side alone, as XML for the provider. It is made of the id and the public address, so it tells nothing of the organization,
/// nor whether there is one.</summary>
public sealed record ReadOurMetadata(OrganizationId Organization) : IRequest<string>;

/// <summary>
/// Enters another provider, or other settings of the same. They come into force with the first sign-in that works with them, so that a slip
/// locks nobody out: until then the former ones stay in force.
/// </summary>
/// <param name="Metadata">The provider's own XML; then the others are not looked at.</param>
/// <param name="Certificates">PEM, one or several, or one in base64.</param>
public sealed record ProposeIdentityProvider(OrganizationId Organization, string? Metadata, string? EntityId, string? SignInAddress,
    string? Certificates, Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>What is wrong with what was typed by hand, in the order of the fields: a form shows all of it at once. What a certificate
    /// says is looked at when all of it is there.</summary>
    public IReadOnlyList<Refusal> Faults => !string.IsNullOrWhiteSpace(Metadata)
        ? []
        : [.. ProviderSettings.Faults(EntityId, SignInAddress),
            .. string.IsNullOrWhiteSpace(Certificates)
                ? [new InvalidValue("certificates", "Paste the provider’s signing certificate.")]
                : (Refusal[])[]];
}

/// <summary>Reads the metadata that a provider publishes, once: what it says later is not looked at (SPEC S5).</summary>
public sealed record FetchProviderMetadata(string? Url) : IRequest<Outcome<string>>
{
    /// <summary>As much as is read of metadata.</summary>
    public const int MostBytes = 512 * 1024;
}

/// <summary>Drops settings that wait for their test.</summary>
public sealed record WithdrawProposedProvider(OrganizationId Organization, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Refused with <see cref="ProviderInUse"/> while a policy leads people to it.</summary>
public sealed record RemoveIdentityProvider(OrganizationId Organization, Origin Origin) : IRequest<Outcome<Done>>;

public sealed record ProviderInUse()
    : Refusal("providerInUse",
        "An authentication policy still uses this identity provider. Turn off single sign-on in your policies first.");
public sealed record NoProposedProvider() : Refusal("noProposedProvider", "There are no settings waiting for a test.");
public sealed record NonBillableSingleSignOn()
    : Refusal("nonBillableSingleSignOn",
        "A non-billable policy cannot have single sign-on. Make the policy billable, or turn off single sign-on.");
public sealed record ProviderMissing()
    : Refusal("providerMissing",
        "Single sign-on requires an identity provider that has passed a test sign-in. Set it up first, under “Single sign-on”.");
