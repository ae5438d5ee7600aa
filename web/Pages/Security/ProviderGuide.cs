namespace DirectoryPlatform.Web.Pages.Security;

/// <summary>Where at one provider our values go, and where its own are found: the provider's names of pages and fields.</summary>
/// <param name="Where">The way there, from its console's start.</param>
/// <param name="Fields">Our value, and the field it goes into, or what that field is set to.</param>
/// <param name="Remark">What else to know; null for nothing.</param>
public sealed record ProviderGuide(string Provider, string Where, IReadOnlyList<(string Field, string Value)> Fields, string? Remark = null)
{
    const string EntityId = "Entity ID from above", Acs = "ACS from above", BaseUrl = "Base URL", Token = "Token";

    public static IReadOnlyList<ProviderGuide> Saml { get; } =
    [
        new("Microsoft Entra ID", "Enterprise applications › New application › Create your own application › Single sign-on › SAML",
            [
                ("Identifier (Entity ID)", EntityId), ("Reply URL (Assertion Consumer Service URL)", Acs),
                ("Unique User Identifier (Name ID)", "user.mail, in the format Email address"),
            ],
            "Its side is under SAML Certificates: copy App Federation Metadata Url into “Metadata URL” here. Assign people under Users "
            + "and groups."),
        new("Okta", "Applications › Create App Integration › SAML 2.0",
            [
                ("Single sign-on URL", Acs), ("Audience URI (SP Entity ID)", EntityId), ("Name ID format", "EmailAddress"),
                ("Application username", "Email"),
            ],
            "Its side is on the Sign On tab: copy Metadata URL into “Metadata URL” here. Assign people under Assignments."),
        new("Google Workspace", "Apps › Web and mobile apps › Add app › Add custom SAML app",
            [
                ("ACS URL", Acs), ("Entity ID", EntityId), ("Name ID format", "EMAIL"), ("Name ID", "Basic Information › Primary email"),
            ],
            "It publishes no metadata URL: press Download metadata and use “Metadata file” here. Turn the app on under User access."),
        new("OneLogin", "Applications › Add App › SAML Custom Connector (Advanced) › Configuration",
            [
                ("Audience (EntityID)", EntityId), ("ACS (Consumer) URL", Acs),
                ("ACS (Consumer) URL Validator", "the same as a regular expression: ^, the URL with every . written \\., then $"),
                ("SAML nameID format", "Email"),
            ],
            "On the SSO tab, set SAML Signature Algorithm to SHA-256, and copy Issuer URL into “Metadata URL” here."),
        new("JumpCloud", "SSO Applications › Add New Application › Custom Application › Manage Single Sign-On (SAML)",
            [
                ("SP Entity ID", EntityId), ("ACS URL", Acs), ("SAMLSubject NameID", "email"),
                ("SAMLSubject NameID Format", "the one that ends in emailAddress"), ("Signature Algorithm", "RSA-SHA256"),
            ],
            "Save it, then use Export Metadata and “Metadata file” here. Assign the people who use it under User Groups."),
    ];

    public static IReadOnlyList<ProviderGuide> Scim { get; } =
    [
        new("Microsoft Entra ID", "Enterprise applications › your application › Provisioning › Automatic",
            [("Tenant URL", BaseUrl), ("Secret Token", Token)],
            "Press Test Connection. Under Mappings, let userName come from mail, and externalId from objectId. Then set Provisioning "
            + "Status to On."),
        new("Okta", "Applications › your application › General › Enable SCIM provisioning, then Provisioning › Integration",
            [
                ("SCIM connector base URL", BaseUrl), ("Unique identifier field for users", "userName"),
                ("Authentication Mode", "HTTP Header"), ("Authorization", Token),
            ],
            "Then, under To App, turn on Create Users, Update User Attributes and Deactivate Users."),
        new("Google Workspace", "Apps › Web and mobile apps › your app › Autoprovisioning", [],
            "Google provisions only the apps of its own catalog by SCIM. Use single sign-on with it, and add people by invitation, sign-up "
            + "or another identity provider."),
        new("OneLogin", "Applications › Add App › SCIM Provisioner with SAML (SCIM v2 Enterprise) › Configuration",
            [("SCIM Base URL", BaseUrl), ("SCIM Bearer Token", Token)],
            "Press Enable under API Connection, then turn on provisioning on the Provisioning tab."),
        new("JumpCloud", "SSO Applications › your application › Identity Management",
            [("SCIM version", "SCIM 2.0"), ("Base URL", BaseUrl), ("Token Key", Token)],
            "Give Test User Email an address on one of your verified domains, press Test Connection, then Activate."),
    ];
}
