namespace DirectoryPlatform.Accounts;

/// <summary>
/// An admin gives a managed account another address, on a domain that the organization has verified (SPEC M4). It counts as verified; all
/// sessions end. Refused with <see cref="EmailTaken"/> when another account has it,
/// <see cref="EmailDomainForeign"/> off the organization's domains.
/// </summary>
/// <param name="Seen">The address that the form was made from.</param>
public sealed record ChangeEmail(AccountId Account, OrganizationId Organization, string? Seen, string? Email, Origin Origin)
    : IRequest<Outcome<Done>>
{
    /// <summary>The organizations that the asker administers, of a person at a browser who has just shown the password;
    /// null for programs (SPEC S13).</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }
}

/// <summary>Moves the account to another address that is known to be right (SPEC M4, A12). Pages send <see cref="ChangeEmail"/> or
/// <see cref="FollowEmailChangeLink"/>, which know it.</summary>
/// <param name="Seen">The address that the editor saw, or that the link was sent for.</param>
/// <param name="ClaimFor">The organization that claims the new domain automatically (C4); null for none.</param>
public sealed record ChangeEmailAddress(AccountId Account, OrganizationId? Organization, EmailAddress Seen, EmailAddress Email,
    OrganizationId? ClaimFor, Origin Origin)
    : AccountCommand(Account, Origin)
{
    /// <summary>The organizations that the admin who asks administers; null for programs (see <see cref="AdminReach"/>).</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }

    /// <summary>The person's wish that is carried out, and used up in the same transaction; refused with <see cref="LinkVoid"/> when it
    /// waits no longer.</summary>
    public Guid? Asked { get; init; }

    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.ChangeEmail(Organization, Origin.Actor, Seen, Email, ClaimFor, now, Asker, Asked);
}

/// <summary>As <see cref="ChangeEmail"/>, for programs, which say what they want and not what they saw: whatever the address is now, it
/// becomes this one.</summary>
public sealed record GiveEmail(AccountId Account, OrganizationId Organization, string? Email, Origin Origin) : IRequest<Outcome<Done>>;

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

/// <summary>
/// Whoever reads the mails of the present address stops a change that waits (SPEC A15): by a link, once, without a session, because
/// somebody else may sit in it. Refused with <see cref="ChangeNotWaiting"/>, also where the change has been made: then a later mail holds
/// the link that takes the address back.
/// </summary>
public sealed record StopEmailChange([property: Secret] string? Token, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Whether such a link is still good, for the page that it leads to; changes nothing.</summary>
public sealed record ReadStoppableChange(string? Token) : IRequest<Outcome<WaitingEmail>>;

/// <summary>What waits behind the link that confirms a new address; refused with <see cref="LinkVoid"/>.</summary>
public sealed record ReadEmailChange(string? Token) : IRequest<Outcome<WaitingEmail>>;

/// <param name="Email">The address that the person wants to have.</param>
public sealed record WaitingEmail(AccountId Account, string Email);

public sealed record ChangeNotWaiting() : Refusal("changeNotWaiting",
    "There is nothing to stop: this change was stopped or replaced, has expired, or was already made. If it was made, a later email "
        + "to this address contains the link that restores it.");

/// <summary>
/// The account gets back an address that it has left by its person's own wish within seven days (SPEC A15). Security sends it for whoever
/// follows the link in the old mailbox, and takes away what was begun since. Refused with <see cref="LinkVoid"/> when the link was used, or
/// when an address from before was taken back meanwhile.
/// </summary>
/// <param name="Left">Of <see cref="LeftEmail"/>.</param>
/// <param name="Since">From when on everything that was begun goes.</param>
public sealed record TakeEmailAddressBack(AccountId Account, Guid Left, EmailAddress Email, DateTimeOffset Since, Origin Origin)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.TakeEmailBack(Left, Email, Since, now);
}

/// <summary>What the link of that mail is about; refused with <see cref="LinkVoid"/>. Changes nothing.</summary>
public sealed record ReadLeftEmail(string? Token) : IRequest<Outcome<LeftEmail>>;

/// <param name="Email">The address that comes back.</param>
/// <param name="MovedTo">The one that was taken in its place.</param>
/// <param name="Since">When the change was asked for.</param>
public sealed record LeftEmail(Guid Id, AccountId Account, EmailAddress Email, string MovedTo, DateTimeOffset Since);
