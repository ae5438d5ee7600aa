namespace DirectoryPlatform.Security;

/// <summary>
/// Carries a change of address out by the link that went to the new mailbox (SPEC A15). The link alone does not do: whoever follows it is
/// signed in as that person, or shows the password; otherwise somebody who had a browser for a minute would move the account to a mailbox
/// of their own.
/// </summary>
/// <param name="Visitor">Who is signed in here; null for nobody.</param>
/// <param name="Password">Asked for from everybody else; refused with <see cref="PasswordNeeded"/> when it is null.</param>
public sealed record ConfirmNewEmail([property: Secret] string? Token, Visitor? Visitor, [property: Secret] string? Password,
    Origin Origin) : IRequest<Outcome<EmailAddress>>;

/// <summary>Whether the link is good, and whether whoever follows it has to show the password; changes nothing.</summary>
/// <returns>True when the password is needed.</returns>
public sealed record ReadNewEmail(string? Token, Visitor? Visitor) : IRequest<Outcome<NewEmail>>;

/// <param name="NeedsPassword">Whether nobody is signed in here as the person who has asked.</param>
public sealed record NewEmail(string Email, bool NeedsPassword);

public sealed record PasswordNeeded()
    : Refusal("passwordNeeded", "Enter the account password, or sign in to the account in this browser and follow the link again.");

/// <summary>
/// Whoever reads the mails of an address that the account has left takes it back within seven days (SPEC A15): once, without a session,
/// because somebody else has all of them. The address comes back, and everything ends that was begun since the change was asked for: see
/// <see cref="BegunSince"/>. Refused with <see cref="LinkVoid"/>.
/// </summary>
public sealed record TakeAddressBack([property: Secret] string? Token, Origin Origin) : IRequest<Outcome<EmailAddress>>;
