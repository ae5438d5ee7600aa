using DirectoryPlatform.Accounts.Internal.Letters;
using DirectoryPlatform.Accounts.Internal.Storage;

namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>
/// Tells people who manages their account now, or no longer (SPEC C5, C7). A single claim is always told; a bulk one when the admin
/// wished so. Whose account was claimed while signing up is told
/// when the address is verified, and nothing before; and of an unclaiming that no admin chose, because a domain was lost,
/// nobody is told by mail.
/// </summary>
sealed class WhenManagementChanges(AccountReading accounts, MailQueue post, ProductUrl address)
    : IHearsMany<AccountClaimed>, IHearsMany<EmailAddressVerified>, IHearsMany<AccountUnclaimed>
{
    public Task Hear(IReadOnlyList<AccountClaimed> facts, CancellationToken ct) =>
        Tell([.. facts.Where(fact => fact.Notify).SelectMany(fact => fact.Accounts, (fact, id) => new Told(id, fact.By, fact.Occasion))],
            Claimed, ct);

    public Task Hear(IReadOnlyList<EmailAddressVerified> facts, CancellationToken ct) =>
        Tell([.. facts.Where(fact => fact.ClaimedBy is not null).Select(fact => new Told(fact.Account, fact.ClaimedBy!.Value, fact.At))],
            Claimed, ct);

    public Task Hear(IReadOnlyList<AccountUnclaimed> facts, CancellationToken ct) =>
        Tell([.. facts.Where(fact => fact.Notify && (fact.Excluded || fact.Job is not null))
            .SelectMany(fact => fact.Accounts, (fact, id) => new Told(id, fact.By, fact.Occasion))], Unclaimed, ct);

    Letter Claimed(string name, string email) => new ClaimedNoticeLetter(name, email, address.Link("/account"));
    Letter Unclaimed(string name, string email) => new UnclaimedNoticeLetter(name, email, address.Link("/account"));

    /// <param name="Occasion">Makes the ids: the same chunk heard twice queues its mails once.</param>
    readonly record struct Told(AccountId Account, OrganizationId By, object Occasion);

    async Task Tell(IReadOnlyList<Told> told, Func<string, string, Letter> write, CancellationToken ct)
    {
        if (told.Count == 0) return;
        var of = told.ToDictionary(t => t.Account.Value);
        var mails = new List<OutgoingMail>(told.Count);
        foreach (var (id, name, email) in await accounts.AddressesOf([.. told.Select(t => t.Account)], ct))
        {
            var letter = write(name, email);
            mails.Add(new(email, letter, of[id].By.Value, DeterministicGuid.Of(id, of[id].Occasion, letter.Template)));
        }
        await post.Send(mails, ct);
    }
}
