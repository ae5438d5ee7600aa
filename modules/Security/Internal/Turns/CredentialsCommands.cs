using System.Text.Json.Serialization;

namespace DirectoryPlatform.Security.Internal.Turns;

/// <summary>A command to an account's sessions and tokens. Whether its sender may is decided before, by the account's own row; secrets come
/// as hashes.</summary>
abstract record CredentialsCommand(AccountId Account, Origin Origin) : GrainCommand<HeldCredentials, CredentialsFact>(Origin)
{
    public sealed override Guid Target => Account.Value;

    /// <summary>But for a use, which the next one notes.</summary>
    public override bool MayBePutOff => false;

    public sealed override Outcome<CredentialsFact> Decide(HeldCredentials? state, DateTimeOffset now) =>
        DecideOn(state ?? HeldCredentials.None(Account), now);

    protected abstract Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now);
}

/// <summary>A command that leaves an entry in the log of whoever manages the account, and may tell the person by mail.</summary>
/// <param name="Person">As it was read.</param>
abstract record CredentialsDeed(AccountView Person, Origin Origin) : CredentialsCommand(Person.Id, Origin);

/// <summary>Begins a session under the command's id.</summary>
sealed record BeginSession(AccountView Person, NewSession Session, Origin Origin) : CredentialsDeed(Person, Origin)
{
    /// <summary>As the sign-in has read it.</summary>
    public HeldCredentials? Seen { get; init; }

    [JsonIgnore] public override HeldCredentials? Guess => Seen;

    /// <summary>The try that was counted before the password was looked at: it was right.</summary>
    public Attempt? Right { get; init; }

    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) =>
        held.Begin(new(CommandId, Session.Kind, Session.Device, Origin.Address, now, now, Session.Idle.TotalSeconds, now + Session.Life,
            Session.Refresh is { } refresh ? [new(refresh, null)] : []), now);
}

/// <param name="Hash">Of a browser's token; of a mobile app's that has none yet, the hash of nothing that anybody has.</param>
/// <param name="Refresh">Hash of a mobile app's first refresh token.</param>
/// <param name="Device">Its name in words.</param>
/// <param name="Agent">What it calls itself.</param>
/// <param name="ByProvider">Whether the organization's identity provider has signed in, and no password.</param>
/// <param name="IsNew">Whether the account has others, and has never seen this one: the person is told.</param>
sealed record NewSession(string Kind, byte[] Hash, byte[]? Refresh, string Device, string? Agent, TimeSpan Idle, TimeSpan Life,
    bool ByProvider, bool IsNew);

sealed record UseSession(AccountId Account, Guid Session, Origin Origin) : CredentialsCommand(Account, Origin)
{
    public override bool MayBePutOff => true;

    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) => held.Use(Session, now);
}

/// <summary>The person showed the password again, or whatever else is asked for.</summary>
sealed record ProveSession(AccountId Account, Guid Session, Origin Origin) : CredentialsCommand(Account, Origin)
{
    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) => held.Prove(Session, now);
}

/// <summary>The next tokens of a mobile session; or its end, where the one that is shown was used before.</summary>
/// <param name="Shown">Hash, as the others.</param>
/// <param name="UsedAt">As it stood when the token was looked up.</param>
/// <param name="AccessFor">How long the access token is good.</param>
sealed record RenewSession(AccountView Person, Guid Session, byte[] Shown, DateTimeOffset? UsedAt, byte[] Next, byte[] Access,
    TimeSpan AccessFor, Origin Origin) : CredentialsDeed(Person, Origin)
{
    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) =>
        held.Renew(Session, Shown, UsedAt, Next, now);
}

/// <summary>Logs one device out.</summary>
/// <param name="By">The organization whose admin does it; null for the person.</param>
sealed record EndDevice(AccountView Person, Guid Session, OrganizationId? By, Origin Origin) : CredentialsDeed(Person, Origin)
{
    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) =>
        held.End(Session, evenIfOver: false, now);
}

/// <summary>The person signs out.</summary>
/// <param name="Organization">That manages the account.</param>
sealed record LeaveSession(AccountId Account, Guid Session, Guid? Organization, Origin Origin) : CredentialsCommand(Account, Origin)
{
    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) =>
        held.End(Session, evenIfOver: true, now);
}

/// <summary>Ends one that should not have begun; nobody's deed.</summary>
sealed record UndoSession(AccountId Account, Guid Session, string Why, Origin Origin) : CredentialsCommand(Account, Origin)
{
    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) =>
        held.End(Session, evenIfOver: true, now);
}

/// <summary>Logs out everywhere.</summary>
/// <param name="ButNot">The session that stays.</param>
/// <param name="By">As in <see cref="EndDevice"/>.</param>
sealed record EndDevices(AccountView Person, Guid? ButNot, OrganizationId? By, Origin Origin) : CredentialsDeed(Person, Origin)
{
    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) => held.EndAll(ButNot, now);
}

/// <summary>Makes an API token under the command's id.</summary>
/// <param name="Stamp">Of the password, as it was read; null for none.</param>
/// <param name="Hash">Of the secret.</param>
sealed record MakeToken(AccountView Person, string Label, int Days, Guid? Stamp, byte[] Hash, Origin Origin)
    : CredentialsDeed(Person, Origin)
{
    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) =>
        held.MakeToken(new(CommandId, Label, now, now.AddDays(Days), null), Stamp, now);
}

sealed record UseToken(AccountId Account, Guid Token, Origin Origin) : CredentialsCommand(Account, Origin)
{
    public override bool MayBePutOff => true;

    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) => held.UseToken(Token, now);
}

/// <param name="By">As in <see cref="EndDevice"/>.</param>
sealed record RevokeToken(AccountView Person, Guid Token, OrganizationId? By, Origin Origin) : CredentialsDeed(Person, Origin)
{
    protected override Outcome<CredentialsFact> DecideOn(HeldCredentials held, DateTimeOffset now) => held.RevokeToken(Token, now);
}
