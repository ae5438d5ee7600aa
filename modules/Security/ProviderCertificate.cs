namespace DirectoryPlatform.Security;

/// <summary>A certificate whose key an organization trusts to sign for its provider. Only the key counts: the provider's signature, not an
/// authority's, is what is believed (SAML metadata interoperability profile 1.0, 2.6).</summary>
/// <param name="Base64">DER.</param>
/// <param name="Fingerprint">SHA-256 in hex, for comparing by eye and for the audit log.</param>
public sealed record ProviderCertificate(string Base64, string Subject, DateTimeOffset From, DateTimeOffset Until, string Fingerprint);
