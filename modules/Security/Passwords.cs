namespace DirectoryPlatform.Security;

/// <summary>
/// Gives new accounts their first password: sign-up, setup, and the made-up people of the demo and of <c>seed</c>, who share one hash. Only
/// the length is checked here: whoever lets a person choose asks <see cref="MeasurePassword"/> first.
/// </summary>
public sealed record GivePassword(IReadOnlyCollection<AccountId> Accounts, string Password) : IRequest<Outcome<Done>>;

/// <summary>How strong a password would be, and whether it would be taken: for the meter, and for choices before an account exists (SPEC
/// S1). Nothing is kept.</summary>
/// <param name="Account">Whose policy holds; null before there is an account.</param>
/// <param name="About">What a guesser would try first: the person's name and address, the organization's name.</param>
public sealed record MeasurePassword(string? Password, AccountId? Account, params IReadOnlyList<string?> About)
    : IRequest<MeasuredPassword>;

/// <param name="Advice">What makes it easy to guess, and how to do better; null when there is nothing to say.</param>
/// <param name="Refusal">Why it would not be taken; null when it would.</param>
public sealed record MeasuredPassword(PasswordStrength Strength, string? Advice, Refusal? Refusal);

/// <summary>
/// A signed-in person chooses another password (SPEC S1, A12). All other sessions end, links, tickets and pending changes are void (A14),
/// API tokens are revoked unless the person wishes to keep them, and a mail says so.
/// </summary>
/// <param name="Session">The one in which it is done; it stays.</param>
public sealed record ChangePassword(AccountId Account, Guid Session, [property: Secret] string? Current,
    [property: Secret] string? Password, Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>Programs go on; for whoever changes the password by habit.</summary>
    public bool KeepApiTokens { get; init; }
}

/// <summary>Somebody has forgotten a password (SPEC S1). The same answer,
/// work and time whether there is an account or not: see <see cref="PasswordResetAsked"/>.</summary>
public sealed record RequestPasswordReset(string? Email, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Whether a link is still good, for the page that it leads to; changes nothing. What stands against the account is told to the
/// holder of a good link only (SPEC A9).</summary>
public sealed record ReadPasswordReset(string? Token) : IRequest<Outcome<AccountId>>;

/// <summary>
/// Sets the password by the link of a mail: good for one hour, once, for the address that it was sent to, and void after any change of
/// password or address. All sessions end, API tokens are revoked, other links, tickets and pending changes are void (A14); two-step
/// verification is still asked for at the sign-in that follows.
/// </summary>
public sealed record FollowPasswordReset([property: Secret] string? Token, [property: Secret] string? Password, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>What else can get in to an account, for the page behind a reset link (SPEC A14); for the holder of a good link alone, who is
/// about to be the account's only owner. Changes nothing.</summary>
public sealed record ReadWhatElseCanGetIn(string? Token) : IRequest<Outcome<OtherWaysIn>>;

/// <summary>The same for the signed-in person, who is about to change the password.</summary>
public sealed record ReadMyWaysIn(AccountId Account) : IRequest<OtherWaysIn>;

/// <param name="Devices">Names of those that are signed in, latest first.</param>
/// <param name="ApiTokens">Labels of those that work.</param>
/// <param name="PendingEmail">An address that waits to be confirmed; null for none.</param>
/// <param name="TwoStepSince">Null while two-step verification is off. It stays.</param>
/// <param name="ApiKeys">Names of organizations' keys that act in this person's name. They stay.</param>
public sealed record OtherWaysIn(IReadOnlyList<string> Devices, IReadOnlyList<string> ApiTokens, string? PendingEmail,
    DateTimeOffset? TwoStepSince, IReadOnlyList<string> ApiKeys);

/// <summary>
/// An admin resets passwords (SPEC M7, A10): all sessions end at once, API tokens, links, tickets and pending changes are void (A14), the
/// next sign-in has to choose another one, and the people are told by mail. Another admin's password is reset by a person only, and the
/// other admins are told (S13).
/// </summary>
public sealed record ResetPasswords(IReadOnlyList<AccountId> Accounts, OrganizationId By, Origin Origin)
    : IRequest<IReadOnlyList<Outcome<Done>>>
{
    /// <summary>The organizations that the asker administers, of a person at a browser who has just shown the password;
    /// null for programs (see <see cref="AdminReach"/>).</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }
}

/// <summary>An admin takes two-step verification away from somebody who has lost the phone and the recovery codes (SPEC M2).</summary>
public sealed record ResetTwoStep(AccountId Account, OrganizationId By, Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>As in <see cref="ResetPasswords"/>.</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }
}

/// <summary>
/// Takes everything away by which somebody could come in to an account that was begun with an address and never verified, before the
/// address is given to its person (SPEC P2), or that a provider names by another id (A16): whoever knows it may be somebody else. Changes
/// nothing where there is nothing. Another admin's is taken by a person only, and the other admins are told (S13).
/// </summary>
/// <param name="Organization">Which manages the account; refused with <see cref="NotManagedHere"/> where it does not.</param>
public sealed record VoidCredentials(AccountId Account, OrganizationId Organization, Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>As in <see cref="ResetPasswords"/>.</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }
}
