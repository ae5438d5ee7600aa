namespace DirectoryPlatform.Security;

/// <summary>
/// A program without a browser asks for an API key (SPEC P9, after RFC 8628): it shows a short code, and an admin who enters it in the
/// browser decides. The key comes into being when the program fetches it, in that admin's name.
/// Refused with <see cref="InvalidValue"/> of field "program" or "scopes".
/// </summary>
/// <param name="Program">How it calls itself: the admin reads it, and the key has this name.</param>
/// <param name="Scopes">Names of <see cref="ApiScope"/>: the most that it may get.</param>
public sealed record AskForDeviceCode(string? Program, IReadOnlyList<string>? Scopes, Origin Origin) : IRequest<Outcome<DeviceCode>>
{
    /// <summary>As long as links that prove something by mail are not (own choice; RFC 8628 leaves it open).</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    /// <summary>Between two questions of the program (RFC 8628, 3.2).</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Of the key: enough for a day's work at a terminal (SPEC P9).</summary>
    public const int KeyDays = 1;
}

/// <param name="Secret">For the program alone, which fetches the key with it.</param>
/// <param name="UserCode">What the admin enters, such as "WDJB-MJHT".</param>
public sealed record DeviceCode(string Secret, string UserCode)
{
    public override string ToString() => "device code";
}

/// <summary>What an admin is shown before deciding. Refused with <see cref="UserCodeUnknown"/>, or when too many codes were tried.
/// </summary>
public sealed record ReadDeviceRequest(string? UserCode, AccountId By, Origin Origin) : IRequest<Outcome<DeviceRequest>>;

/// <param name="Scopes">What the program asks for.</param>
/// <param name="Address">From where it asks; null when that is not known.</param>
public sealed record DeviceRequest(string Program, IReadOnlyList<ApiScope> Scopes, string? Address, DateTimeOffset AskedAt,
    DateTimeOffset ExpiresAt);

/// <summary>The admin's answer, once. Refused with <see cref="UserCodeUnknown"/>, <see cref="InvalidValue"/> of field "scopes", or when too
/// many codes were tried.</summary>
/// <param name="Scopes">Those that are granted, at least one and none that was not asked for; null refuses the request.</param>
public sealed record AnswerDeviceRequest(string? UserCode, OrganizationId Organization, AccountId By, IReadOnlyList<string>? Scopes,
    Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>
/// The program fetches its key, once. Refused with <see cref="AuthorizationPending"/>, <see cref="PollingTooFast"/>,
/// <see cref="DeviceRequestRefused"/> or <see cref="DeviceCodeVoid"/>; with <see cref="TooManyApiKeys"/> or <see cref="ApiKeyAdminGone"/>
/// where the key cannot be made any more.
/// </summary>
public sealed record FetchDeviceKey(string? Secret, Origin Origin) : IRequest<Outcome<DeviceKey>>;

/// <summary>A key, and whose it is.</summary>
public sealed record DeviceKey(NewApiKey Key, OrganizationId Organization)
{
    public override string ToString() => $"{Key}";
}

public sealed record UserCodeUnknown()
    : Refusal("userCodeUnknown", "We couldn’t find this code. It may be mistyped, already answered, or more than ten minutes old.");
public sealed record AuthorizationPending() : Refusal("authorizationPending", "No admin has answered in the browser yet.");
public sealed record PollingTooFast() : Refusal("slowDown", "Polling too fast. Add five seconds to the interval.");
public sealed record DeviceRequestRefused() : Refusal("accessDenied", "An admin refused the request in the browser.");
public sealed record DeviceCodeVoid()
    : Refusal("expiredToken", "This device code has expired, was used, or never existed. Ask for a new one.");
