using DirectoryPlatform.Accounts.Internal.Letters;
using DirectoryPlatform.Accounts.Internal.Storage;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>
/// Tells people who manages their account now, or no longer (SPEC C5, C7). A single claim is always told; a bulk one when the admin
/// wished so. Whose account was claimed while signing up is told
/// when the address is verified, and nothing before; and of an unclaiming that no admin chose, because a domain was lost,
/// nobody is told by mail.
/// </summary>
sealed class WhenManagementChanges(AccountReading accounts, MailQueue post, ProductUrl address)
    : INotificationHandler<AccountClaimed>, INotificationHandler<EmailAddressVerified>, INotificationHandler<AccountUnclaimed>
{
    public Task Handle(AccountClaimed fact, CancellationToken ct) =>
        fact.Notify ? Tell(fact.Accounts, fact.By, Claimed, fact.Occasion, ct) : Task.CompletedTask;
    public Task Handle(EmailAddressVerified fact, CancellationToken ct) => fact.ClaimedBy is { } by
        ? Tell([fact.Account], by, Claimed, fact.At, ct)
        : Task.CompletedTask;
    public Task Handle(AccountUnclaimed fact, CancellationToken ct) =>
        fact.Notify && (fact.Excluded || fact.Job is not null)
            ? Tell(fact.Accounts, fact.By, Unclaimed, fact.Occasion, ct)
            : Task.CompletedTask;

    Letter Claimed(string name, string email) => new ClaimedNoticeLetter(name, email, address.Link("/account"));
    Letter Unclaimed(string name, string email) => new UnclaimedNoticeLetter(name, email, address.Link("/account"));

    /// <param name="occasion">Makes the ids: the same chunk heard twice queues its mails once.</param>
    async Task Tell(IReadOnlyList<AccountId> ids, OrganizationId by, Func<string, string, Letter> write, object occasion,
        CancellationToken ct)
    {
        var mails = new List<OutgoingMail>(ids.Count);
        foreach (var (id, name, email) in await accounts.AddressesOf(ids, ct))
        {
            var letter = write(name, email);
            mails.Add(new(email, letter, by.Value, DeterministicGuid.Of(id, occasion, letter.Template)));
        }
        await post.Send(mails, ct);
    }
}
