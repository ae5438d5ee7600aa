namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>
/// What a provider's resource means for an account (SPEC P2, P5), read once at the door. An attribute that the resource lacks leaves its
/// detail to the organization's admins; which detail an attribute becomes stands in <see cref="Mapped"/>. What does not fit the profile is
/// made to fit or passed over, and the resource keeps it as sent.
/// </summary>
/// <param name="UserName">In lower case: providers differ in it and mean the same (RFC 7643, 4.1: caseExact is false).</param>
/// <param name="Active">What the provider has said last of it; not what the account is.</param>
/// <param name="Addresses">What could be the account's address, best first.</param>
/// <param name="Details">The details that the provider owns, and what stands in the profile of what it says.</param>
/// <param name="Odd">What was made to fit or passed over: sentences with the attribute in front.</param>
sealed record ProvidedUser(
    string UserName, string? ExternalId, bool Active, IReadOnlyList<SaidAddress> Addresses,
    IReadOnlyDictionary<AccountDetail, string> Details, IReadOnlyList<string> Odd)
{
    public const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// <summary>As long as an address, which it mostly is (own choice); of an externalId, too, a group's as well.</summary>
    public const int MaxName = 254;

    /// <summary>Each detail, the attribute that its faults name, and where its value comes from.</summary>
    internal static readonly IReadOnlyList<(AccountDetail Detail, string Attribute, Func<JsonObject, string?> Of)> Mapped =
    [
        (AccountDetail.Name, "name", NameOf),
        (AccountDetail.PublicName, "nickName", r => Text(r, "nickName")),
        (AccountDetail.JobTitle, "title", r => Text(r, "title")),
        (AccountDetail.Department, $"{Enterprise}:department", r => Text(r[Enterprise] as JsonObject, "department")),
        (AccountDetail.Organization, $"{Enterprise}:organization", r => Text(r[Enterprise] as JsonObject, "organization")),
        (AccountDetail.Phone, "phoneNumbers", PhoneOf),
        (AccountDetail.TimeZone, "timezone", r => Text(r, "timezone")),
        (AccountDetail.Language, "preferredLanguage", LanguageOf),
    ];

    /// <summary>As <see cref="AccountProfile.ProvisionedFields"/>.</summary>
    public IReadOnlyList<string> Owned => ["email", .. Details.Keys.Order().Select(d => d.Field())];

    /// <summary>The address that counts for a person who has one already.</summary>
    public SaidAddress First => Addresses[0];

    /// <summary>What changed in the provider's words, by attribute, and in nothing of the account, whose own entries in the audit log tell
    /// of the rest.</summary>
    /// <param name="told">Attributes whose change of the account has an entry of its own.</param>
    public static IReadOnlyList<string> OwnChanges(JsonObject before, ProvidedUser? was, JsonObject after, ProvidedUser now,
        IReadOnlyCollection<string> told)
    {
        HashSet<string> known = [.. told,
            .. Mapped.Where(m => was?.Details.GetValueOrDefault(m.Detail) != now.Details.GetValueOrDefault(m.Detail))
            .Select(m => m.Attribute)];
        return [.. Differing(before, after).SelectMany(a => a == Enterprise ? Differing(before[a] as JsonObject, after[a] as JsonObject)
            .Select(x => $"{a}:{x}") : [a]).Where(a => !known.Contains(a)).Order(StringComparer.Ordinal)];
    }

    static IEnumerable<string> Differing(JsonObject? one, JsonObject? other) =>
        (one ?? []).Select(a => a.Key).Union((other ?? []).Select(a => a.Key)).Where(a => !JsonNode.DeepEquals(one?[a], other?[a]));

    /// <summary>Refused is only what makes no person at all: a userName that is none, or an externalId that cannot be kept whole.</summary>
    /// <param name="resource">Normalized.</param>
    public static Outcome<ProvidedUser> Read(JsonObject resource)
    {
        if (Text(resource, "userName") is not { } userName) return ScimFault.Value("userName is missing.");
        if (userName.Length > MaxName) return ScimFault.Value($"userName has more than {MaxName} characters.");
        if (userName.Any(char.IsControl)) return ScimFault.Value("userName contains control characters.");
        var externalId = Text(resource, "externalId");
        if (externalId?.Length > MaxName) return ScimFault.Value($"externalId has more than {MaxName} characters.");
        var (details, odd) = (new Dictionary<AccountDetail, string>(), new List<string>());
        foreach (var (detail, attribute, of) in Mapped)
        {
            if (of(resource) is not { } value) continue;
            var fitting = FittingDetails.Of(detail, value);
            if (fitting.Odd is not null) odd.Add($"{attribute}: {fitting.Odd}");
            // A person has a name, if only the one to sign in with.
            var taken = fitting.Value ?? (detail is AccountDetail.Name ? FittingDetails.Of(detail, NameOfLast(userName)!).Value : null);
            if (taken is not null) details[detail] = taken;
        }
        var active = resource["active"] is not JsonValue said || said.GetValue<bool>();
        return new ProvidedUser(userName.ToLowerInvariant(), externalId, active,
            [.. AddressesOf(resource), SaidAddress.Of("userName", userName)], details, odd);
    }

    /// <summary>The written name before the one for show: people are to be found under what their company calls them.</summary>
    static string? NameOf(JsonObject resource)
    {
        var name = resource["name"] as JsonObject;
        var parts = string.Join(' ',
            new[] { Text(name, "givenName"), Text(name, "middleName"), Text(name, "familyName") }.OfType<string>());
        return Text(name, "formatted") ?? (parts.Length > 0 ? parts : null) ?? Text(resource, "displayName")
            ?? NameOfLast(Text(resource, "userName"));
    }

    static string? NameOfLast(string? userName) => userName is null ? null : SaidAddress.BeforeSoftDeletion(userName) ?? userName;

    /// <summary>The primary address counts, then the one for work, then the first.</summary>
    static IEnumerable<SaidAddress> AddressesOf(JsonObject resource)
    {
        var all = Values(resource, "emails");
        if (all.Count == 0) return [];
        var best = Best(all);
        return all.OrderBy(e => e == best ? 0 : 1).Select(e => SaidAddress.Of("emails", Text(e, "value")!));
    }

    /// <summary>RFC 7643 writes numbers as URIs (RFC 3966), most providers as people do.</summary>
    static string? PhoneOf(JsonObject resource) =>
        Chosen(resource, "phoneNumbers") is { } number ? number.StartsWith("tel:", StringComparison.OrdinalIgnoreCase)
            ? number[4..].Split(';')[0]
            : number : null;

    /// <summary>RFC 7643 writes it as a header of preferences, of which the first counts here.</summary>
    static string? LanguageOf(JsonObject resource) => Text(resource, "preferredLanguage")?.Split(',', ';')[0].Trim()
        .Replace('_', '-') is { Length: > 0 } tag ? tag : null;

    static string? Chosen(JsonObject resource, string attribute) => Values(resource, attribute) is { Count: > 0 } all
        ? Text(Best(all), "value")
        : null;

    static List<JsonObject> Values(JsonObject resource, string attribute) =>
        [.. (resource[attribute] as JsonArray ?? []).OfType<JsonObject>().Where(e => Text(e, "value") is not null)];

    static JsonObject Best(List<JsonObject> all) =>
        all.Find(e => e["primary"] is JsonValue primary && primary.TryGetValue<bool>(out var yes) && yes)
        ?? all.Find(e => string.Equals(Text(e, "type"), "work", StringComparison.OrdinalIgnoreCase)) ?? all[0];

    static string? Text(JsonObject? of, string name) => of?[name] is JsonValue value && value.TryGetValue<string>(out var text)
        && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
