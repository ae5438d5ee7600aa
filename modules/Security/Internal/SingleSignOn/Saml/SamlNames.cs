namespace DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

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
