using MediatR;

namespace DirectoryPlatform.Accounts;

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
