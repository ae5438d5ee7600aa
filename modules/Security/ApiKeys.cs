namespace DirectoryPlatform.Security;

/// <summary>
/// A secret with which a program does an organization's work over the API (SPEC P1), in the name of the admin who made it or took it over.
/// Refused with <see cref="InvalidValue"/> of field "name", "scopes" or "days", or <see cref="TooManyApiKeys"/>.
/// </summary>
/// <param name="By">An admin of the organization.</param>
/// <param name="Scopes">Names of <see cref="ApiScope"/>, at least one.</param>
/// <param name="Days">Until it expires; null for what was typed and is no number.</param>
public sealed record CreateApiKey(OrganizationId Organization, AccountId By, string? Name, IReadOnlyList<string>? Scopes, int? Days,
    Origin Origin) : IRequest<Outcome<NewApiKey>>
{
    /// <summary>SPEC P1; the name as long as that of an API token.</summary>
    public const int LeastDays = 1, UsualDays = 7, MostDays = 365, MaxName = 100;

    /// <summary>More programs than an organization can keep apart (own choice).</summary>
    public const int MostKeys = 100;

    /// <summary>Everything that is wrong with what was typed, in the order of the fields: a form shows all of it at once.</summary>
    public IReadOnlyList<Refusal> Faults
    {
        get
        {
            var faults = new List<Refusal>(3);
            if (PlainText.ReadName(Name, longest: MaxName) is { Refusal: { } name }) faults.Add(name);
            if (Scopes is not { Count: > 0 }) faults.Add(new InvalidValue("scopes", "Choose at least one scope."));
            else if (Scopes.Any(s => ApiScopes.Named(s) is null)) faults.Add(new InvalidValue("scopes", "One of these scopes is unknown."));
            if (Days is not (>= LeastDays and <= MostDays))
                faults.Add(new InvalidValue("days", $"Enter a number of days from {LeastDays} to {MostDays}."));
            return faults;
        }
    }
}

/// <param name="Secret">Shown once; only its hash is kept.</param>
public sealed record NewApiKey(string Secret, ApiKeyView Key)
{
    public override string ToString() => $"API key {Key.Id}";
}

/// <param name="ActsFor">The admin in whose name it acts.</param>
/// <param name="LastUsedAt">To the minute; null for never.</param>
/// <param name="Stopped">Why it does not work; null while it does.</param>
public sealed record ApiKeyView(
    Guid Id, string Name, IReadOnlyList<ApiScope> Scopes, AccountId ActsFor, string ActsForName, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, Refusal? Stopped)
{
    /// <summary>How long before its end an admin is told, at most: time to look for where the key is used (own choice).</summary>
    public static readonly TimeSpan Warned = TimeSpan.FromDays(7);

    /// <summary>From when on an admin is told: a week before, or when a quarter of its life is left, whichever comes later.</summary>
    public bool ExpiresSoon(DateTimeOffset now) =>
        Stopped is null && ExpiresAt - now <= TimeSpan.FromTicks(Math.Min(Warned.Ticks, (ExpiresAt - CreatedAt).Ticks / 4));
}

/// <summary>What is not revoked, newest first; expired ones for a month more, so that it can be found out why a program stopped.</summary>
public sealed record ReadApiKeys(OrganizationId Organization) : IRequest<IReadOnlyList<ApiKeyView>>;

/// <summary>Permanent and at once. One that is revoked already, another organization's or none is answered alike.</summary>
public sealed record RevokeApiKey(OrganizationId Organization, Guid Key, Origin Origin) : IRequest<Outcome<ApiKeyView>>;

/// <summary>
/// The key acts for this admin from now on: what keeps a program running when the admin who made it leaves. The secret stays, so whoever
/// had it still has it; pages say so. Refused with <see cref="NoSuchApiKey"/>, <see cref="ApiKeyExpired"/> or <see cref="ApiKeyIsYours"/>.
/// </summary>
public sealed record TakeOverApiKey(OrganizationId Organization, Guid Key, AccountId By, Origin Origin) : IRequest<Outcome<ApiKeyView>>;

/// <summary>The gate for organizations' programs (SPEC A9, P1): the key must be live, and its admin must be allowed to act and administer
/// the organization now.</summary>
/// <param name="MayBeKnown">As in <see cref="AuthenticateSession"/>.</param>
public sealed record AuthenticateApiKey(string Secret, bool MayBeKnown = false) : IRequest<Visitor?>;

/// <summary>What a key that was let in may be used for.</summary>
public sealed record KeyGrant(Guid Id, OrganizationId Organization, IReadOnlyCollection<ApiScope> Scopes);

public sealed record NoSuchApiKey() : Refusal("noSuchApiKey", "This API key was already revoked or does not exist.");
public sealed record ApiKeyExpired() : Refusal("apiKeyExpired", "This API key has expired. Create a new one.");
public sealed record ApiKeyIsYours() : Refusal("apiKeyIsYours", "This API key already acts for you.");
public sealed record ApiKeyAdminGone()
    : Refusal("apiKeyAdminGone", "The person it acted for is no longer an admin or cannot sign in. Take it over, or create a new one.");
public sealed record TooManyApiKeys(int AtMost)
    : Refusal("tooManyApiKeys", $"Your organization has reached the limit of {AtMost} API keys. Revoke one first.");

/// <summary>Begins a request that is to be carried out once (SPEC P4).
/// Refused with <see cref="IdempotencyKeyReused"/> or <see cref="StillBeingDone"/>.</summary>
/// <param name="Key">Of the API key: names are its own.</param>
/// <param name="RequestHash">SHA-256 of the request.</param>
public sealed record BeginOnce(Guid Key, string Name, byte[] RequestHash) : IRequest<Outcome<Begun>>;

/// <param name="Before">The answer of the request that came before; null for the first one.</param>
/// <param name="At">With the process, which beginning it is: another one may follow it.</param>
public sealed record Begun(KeptAnswer? Before, DateTime At = default, Guid? Process = null);

/// <summary>Ends it, unless somebody else has begun it anew meanwhile.</summary>
/// <param name="Answer">Null when it may be tried again.</param>
public sealed record EndOnce(Guid Key, string Name, Begun Begun, KeptAnswer? Answer) : IRequest<Done>;

public sealed record KeptAnswer(int Status, string? ContentType, string Body);

public sealed record IdempotencyKeyReused()
    : Refusal("idempotencyKeyReused", "This Idempotency-Key was used for another request. Use a new one for each request.");

public sealed record StillBeingDone()
    : Refusal("stillBeingDone", "The request with this Idempotency-Key is still in progress. Try again in a moment.");
