namespace DirectoryPlatform.Security;

/// <summary>
/// The one gate (SPEC A9), asked on every request of a browser: the session must be live and the account must be allowed to act now.
/// </summary>
/// <param name="Token">From the session cookie; no other kind of secret is recognised here.</param>
/// <param name="MayBeKnown">Whether a yes that is not known to be revoked will do, as of 750 ms ago at most: for requests that only look.
/// Otherwise the rows are read; a no is never given without reading them.</param>
public sealed record AuthenticateSession(string Token, bool MayBeKnown = false) : IRequest<Visitor?>
{
    /// <summary>Asked by a page that somebody has open, and not by a person: it counts as no click (SPEC S6).</summary>
    public bool Unattended { get; init; }
}

/// <summary>The same gate for programs, which show a secret in the Authorization header: an API token (SPEC S4) or a mobile session's
/// access token (S3).</summary>
/// <param name="MayBeKnown">As in <see cref="AuthenticateSession"/>.</param>
public sealed record AuthenticateBearer(string Token, bool MayBeKnown = false) : IRequest<Visitor?>;

/// <summary>The person behind a request.</summary>
/// <param name="Session">Of the session, or of the API token.</param>
public sealed record Visitor(AccountId Account, Guid Session, string Email, string Name, IReadOnlyList<OrganizationId> AdminOf)
{
    /// <summary>When the person last showed the password in this session; null where nobody can be asked for it.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>The organization that manages the account; null for none, and for a key.</summary>
    public OrganizationId? ManagedBy { get; init; }

    /// <summary>For the audit log: "web", "mobile", "api token"; for a key <see cref="KeyMeans"/> and its id.</summary>
    public string Means { get; init; } = "web";

    /// <summary>How the means of everything begin that was done with an organization's API key.</summary>
    public const string KeyMeans = "api key";

    /// <summary>The organization's API key that was shown, in the name of <see cref="Account"/>; null for everybody else.</summary>
    public KeyGrant? Key { get; init; }
}

public sealed record SignOut(string? Token, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Where an account is signed in now (SPEC S3), latest first; at most 100.</summary>
/// <param name="By">The organization that asks; refused with <see cref="NotFound"/> when it does not manage the account.
/// Null for the person.</param>
public sealed record ReadDevices(AccountId Account, OrganizationId? By) : IRequest<Outcome<IReadOnlyList<DeviceView>>>;

/// <param name="Name">"Firefox on Linux", or what an app calls its device.</param>
/// <param name="Kind">"browser" or "mobile".</param>
/// <param name="LastActiveAt">To the minute.</param>
public sealed record DeviceView(Guid Id, string Name, string Kind, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastActiveAt);

/// <summary>Ends one session at once (SPEC S3, M6). No ban: the person can sign in again. One that has ended, is another account's or never
/// was is answered alike.</summary>
/// <param name="By">As in <see cref="ReadDevices"/>; the person is then told by mail.</param>
public sealed record LogOutDevice(AccountId Account, Guid Device, OrganizationId? By, Origin Origin) : IRequest<Outcome<DeviceView>>;

/// <summary>Ends all sessions at once.</summary>
/// <param name="ButNot">The session that stays: that of whoever asks.</param>
/// <returns>How many.</returns>
public sealed record LogOutEverywhere(AccountId Account, Guid? ButNot, OrganizationId? By, Origin Origin) : IRequest<Outcome<long>>;

/// <summary>
/// The next pair of tokens of a mobile session (SPEC S3). A refresh token works once. Whoever shows a used one again has copied it, or was
/// copied from: the whole session ends. Within <see cref="Grace"/> of its use it is only refused, because an app that sends two requests at
/// once is no thief.
/// </summary>
public sealed record RefreshSession(string? RefreshToken, Origin Origin) : IRequest<Outcome<MobileTokens>>
{
    /// <summary>Longer than a request that was sent twice takes to arrive (own choice).</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
}

/// <param name="AccessToken">For the Authorization header; checked as a session is, see <see cref="AuthenticateBearer"/>.</param>
/// <param name="AccessFor">Ten minutes.</param>
public sealed record MobileTokens(string AccessToken, TimeSpan AccessFor, string RefreshToken);

/// <summary>
/// The person at the session shows the password again, before something that cannot be taken back. Throttled as a sign-in is, because
/// whoever has found an open browser would guess here. A second factor would be one more thing to show here,
/// and one more refusal until it is.
/// </summary>
/// <param name="Visitor">As the gate recognised it.</param>
public sealed record ProveItIsYou(Visitor Visitor, string? Password, Origin Origin) : IRequest<Outcome<Done>>;
