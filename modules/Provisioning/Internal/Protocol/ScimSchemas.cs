namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>The schemas of RFC 7643, 4.1 to 4.3, without the password: whoever is provisioned signs in at the provider or chooses one here,
/// and what is not taken cannot leak.</summary>
static class ScimSchemas
{
    public const string UserUrn = "urn:ietf:params:scim:schemas:core:2.0:User", GroupUrn = "urn:ietf:params:scim:schemas:core:2.0:Group";
    public const string EnterpriseUrn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// <summary>What every resource has (RFC 7643, 3.1); by definition in no schema.</summary>
    public static readonly IReadOnlyList<ScimAttribute> Common =
    [
        new("id", ScimType.String, "The platform's id of the resource.") { CaseExact = true, Mutability = ScimMutability.ReadOnly,
            Returned = ScimReturned.Always, Uniqueness = "server" },
        new("externalId", ScimType.String, "The provider's id of the resource.") { CaseExact = true },
        new("meta", ScimType.Complex, "When the resource was created and changed, and where it is.")
        {
            Mutability = ScimMutability.ReadOnly,
            Sub =
            [
                ReadOnly("resourceType", ScimType.String, "User or Group.") with { CaseExact = true },
                ReadOnly("created", ScimType.DateTime, "When it was created here."),
                ReadOnly("lastModified", ScimType.DateTime, "When it was last changed here."),
                ReadOnly("location", ScimType.Reference, "Its address.") with { References = ["uri"], CaseExact = true },
                ReadOnly("version", ScimType.String, "Its ETag.") with { CaseExact = true },
            ],
        },
    ];

    public static readonly ScimSchema User = new(UserUrn, "User", "A person",
    [
        Text("userName", "What the person is called uniquely within the directory: the email address.") with { Required = true,
            Uniqueness = "server" },
        new("name", ScimType.Complex, "The parts of the person's name.")
        {
            Sub =
            [
                Text("formatted", "The whole name."), Text("familyName", "The family name."), Text("givenName", "The given name."),
                Text("middleName", "Further names."),
                Text("honorificPrefix", "What comes before the name."), Text("honorificSuffix", "What comes after the name."),
            ],
        },
        Text("displayName", "The name that others see."),
        Text("nickName", "How the person is called casually: the public name."),
        new("profileUrl", ScimType.Reference, "The person's page elsewhere.") { References = ["external"], CaseExact = true },
        Text("title", "The job title."),
        Text("userType", "How the person relates to the organization."),
        Text("preferredLanguage", "The person's language, as BCP 47 has it."),
        Text("locale", "How numbers and dates are written."),
        Text("timezone", "The time zone, by its name in the tz database."),
        new("active", ScimType.Boolean, "Whether the person may sign in."),
        Values("emails", "Email addresses; the primary one is the account's.", Text("value", "The address."), ["work", "home", "other"]),
        Values("phoneNumbers", "Phone numbers.", Text("value", "The number."), ["work", "home", "mobile", "fax", "pager", "other"]),
        Values("ims", "Addresses of instant messages.", Text("value", "The address."),
            ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
        Values("photos", "Pictures.", new("value", ScimType.Reference, "Where the picture is.") { References = ["external"],
            CaseExact = true }, ["photo", "thumbnail"]),
        new("addresses", ScimType.Complex, "Postal addresses.")
        {
            Many = true,
            Sub =
            [
                Text("formatted", "The whole address."), Text("streetAddress", "Street and number."), Text("locality", "Town."),
                Text("region", "State or region."), Text("postalCode", "Postal code."),
                Text("country", "Country, as ISO 3166-1 has it."),
                Text("type", "Which address.") with { Canonical = ["work", "home", "other"] }, Primary,
            ],
        },
        new("groups", ScimType.Complex, "The provisioned groups that the person is in.")
        {
            Many = true,
            Mutability = ScimMutability.ReadOnly,
            Sub =
            [
                ReadOnly("value", ScimType.String, "The group's id.") with { CaseExact = true },
                ReadOnly("$ref", ScimType.Reference, "The group's address.") with { References = ["Group"], CaseExact = true },
                ReadOnly("display", ScimType.String, "The group's name."),
                ReadOnly("type", ScimType.String, "How the person is in it.") with { Canonical = ["direct"] },
            ],
        },
        Values("entitlements", "What the person is entitled to; kept and not interpreted.", Text("value", "The entitlement."), []),
        Values("roles", "What the person is; kept and not interpreted.", Text("value", "The role."), []),
        Values("x509Certificates", "Certificates; kept and not interpreted.",
            new("value", ScimType.Binary, "The certificate.") { CaseExact = true }, []),
    ]);

    public static readonly ScimSchema Enterprise = new(EnterpriseUrn, "EnterpriseUser", "A person of an enterprise",
    [
        Text("employeeNumber", "The person's number."), Text("costCenter", "The cost center."), Text("organization", "The organization."),
        Text("division", "The division."), Text("department", "The department."),
        new("manager", ScimType.Complex, "The person’s manager; kept and not interpreted.")
        {
            Sub =
            [
                Text("value", "The manager's id.") with { CaseExact = true },
                new("$ref", ScimType.Reference, "The manager's address.") { References = ["User"], CaseExact = true },
                ReadOnly("displayName", ScimType.String, "The manager's name."),
            ],
        },
    ]);

    public static readonly ScimSchema Group = new(GroupUrn, "Group", "A group of people",
    [
        Text("displayName", "The group's name, unique within the organization.") with { Required = true, Uniqueness = "server" },
        new("members", ScimType.Complex, "Who is in the group: people of the same directory.")
        {
            Many = true,
            Sub =
            [
                Text("value", "The person's id.") with { Mutability = ScimMutability.Immutable, CaseExact = true },
                new("$ref", ScimType.Reference, "The person's address.") { References = ["User"], Mutability = ScimMutability.Immutable,
                    CaseExact = true },
                Text("type", "Always User.") with { Mutability = ScimMutability.Immutable, Canonical = ["User"] },
                ReadOnly("display", ScimType.String, "The person's name."),
            ],
        },
    ]);

    static ScimAttribute Primary => new("primary", ScimType.Boolean, "Whether this is the one to use; at most one is.");

    static ScimAttribute Text(string name, string description) => new(name, ScimType.String, description);

    static ScimAttribute ReadOnly(string name, ScimType type, string description) =>
        new(name, type, description) { Mutability = ScimMutability.ReadOnly };

    static ScimAttribute Values(string name, string description, ScimAttribute value, IReadOnlyList<string> types) =>
        new(name, ScimType.Complex, description)
        {
            Many = true,
            Sub =
            [
                value, Text("display", "The value as people read it."),
                Text("type", "Which value.") with { Canonical = types }, Primary,
            ],
        };
}
