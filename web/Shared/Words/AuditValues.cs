namespace DirectoryPlatform.Web.Words;

/// <summary>Values of an entry as people read them.</summary>
static class AuditValues
{
    /// <summary>By name where it is an id of a site or an app, and never as it is stored.</summary>
    /// <param name="isJson">Whether it was stored as something else than text.</param>
    public static string? Shown(AuditEvent row, string field, string? value, bool isJson) => (field, value) switch
    {
        (_, null) => null,
        ("site" or "app", { } id) => row.Names.GetValueOrDefault(id, id),
        (_, { } text) when !isJson => Text(row, field, text),
        (_, "true") => "Yes",
        (_, "false") => "No",
        (_, ['{' or '[', ..] json) => Json(row, field, json),
        _ => value,
    };

    /// <summary>Codes and times, by the field that holds them. Other text is what somebody wrote: whoever is called "Active" is called
    /// so.</summary>
    static string Text(AuditEvent row, string field, string value) => field switch
    {
        "state" when row.Line.History.Action.StartsWith("Domain", StringComparison.Ordinal) =>
            Enum.TryParse<DomainState>(value, out var domain) ? Badge.Of(domain).Text : value,
        "state" => Enum.TryParse<AccountState>(value, out var account) ? Badge.Of(account).Text : value,
        "status" => Enum.TryParse<UserStatus>(value, ignoreCase: true, out var user) ? Badge.Of(user).Text : value,
        "rule" when Enum.TryParse<IdentityRule>(value, ignoreCase: true, out var rule) => rule switch
        {
            IdentityRule.Ask => "Ask an admin",
            IdentityRule.AlwaysSame => "Always the same person",
            IdentityRule.AlwaysOther => "Always someone else",
            _ => value,
        },
        "role" or "experience" or "password" or "attribute" => Field(value),
        "emailVerified" or "automaticClaim" => Capital(value),
        DomainChecked.Seen => value == "proved" ? "Verification token found"
            : Evidence.IsMissing(value) ? "Verification token not found" : "No clear answer",
        "deletionDueAt" or "missingSince" or "provedElsewhereOwned" =>
            DateTimeOffset.TryParseExact(value, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                ? at.InLetters()
                : value,
        _ => value,
    };

    static string? Json(AuditEvent row, string field, string json)
    {
        try
        {
            using var all = JsonDocument.Parse(json);
            return field is "roles" && all.RootElement.ValueKind is JsonValueKind.Object
                ? Roles(row, all.RootElement)
                : Words(row, field, all.RootElement);
        }
        catch (JsonException) { return json; }
    }

    /// <summary>{"jira":"admin"} reads "Jira: admin".</summary>
    static string? Roles(AuditEvent row, JsonElement roles) => string.Join(", ", roles.EnumerateObject()
        .Select(r => $"{row.Names.GetValueOrDefault(r.Name, Capital(r.Name))}: {r.Value}")) is { Length: > 0 } all ? all : null;

    /// <summary>{"apiTokens":true,"sessionIdle":"7.00:00:00"} reads "API tokens: Yes; Session idle: 7 days".</summary>
    static string? Words(AuditEvent row, string field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => "Yes",
        JsonValueKind.False => "No",
        JsonValueKind.Array => None(string.Join(", ", value.EnumerateArray().Select(v => Words(row, field, v))
            .OfType<string>())),
        JsonValueKind.Object => None(string.Join("; ", value.EnumerateObject().Where(m => m.Value.ValueKind is not JsonValueKind.Null)
            .Select(m => $"{Field(m.Name)}: {Words(row, m.Name, m.Value) ?? "none"}"))),
        _ when TimeSpan.TryParseExact($"{value}", "c", CultureInfo.InvariantCulture, out var time) && $"{value}".Contains(':') =>
            time.InWords(),
        JsonValueKind.String => Text(row, field, $"{value}"),
        _ => $"{value}",
    };

    static string? None(string text) => text.Length > 0 ? text : null;

    /// <summary>"jobTitle" reads "Job title".</summary>
    public static string Field(string field)
    {
        var words = string.Concat(field.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString())).Trim();
        return Capital(words).Replace("Api ", "API ", StringComparison.Ordinal);
    }

    static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
