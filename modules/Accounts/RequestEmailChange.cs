using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// An unmanaged person asks for another address (SPEC A12): a link goes there, good for 24 hours, once, for this account and this address;
/// a newer one replaces it. One a minute and ten a day, as for verification (A2). An address in use, or reserved for whoever has left it,
/// gets the same answer and a mail that says so, so that nobody can probe for accounts. The present address is told at once, with a link
/// that stops it (A15): who asks may be somebody else at an open browser.
/// </summary>
public sealed record RequestEmailChange(AccountId Account, string? Email, Origin Origin) : IRequest<Outcome<EmailAddress>>;

/// <summary>Follows that link. Security's <c>ConfirmNewEmail</c> sends it, which has asked who is there (SPEC A15). Refused with
/// <see cref="LinkVoid"/> unless it is the newest, unused and for the address that the account still has.</summary>
public sealed record FollowEmailChangeLink(string? Token, Origin Origin) : IRequest<Outcome<EmailAddress>>;

/// <summary>The address that waits to be confirmed by such a link; null for none.</summary>
public sealed record ReadPendingEmail(AccountId Account) : IRequest<string?>;
