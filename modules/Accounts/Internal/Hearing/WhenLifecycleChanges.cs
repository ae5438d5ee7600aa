namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>
/// Tells people that they are deactivated, will be deleted, or will not (SPEC A3, A5), and who manages their account now, or no longer (C5,
/// C7), unless the admin switched it off. Whose account was claimed while signing up is told when the address is verified, and nothing
/// before; and of an unclaiming that no admin chose, because a domain was lost, nobody is told by mail, nor who cannot sign in: nothing is
/// given back to them.
/// </summary>
sealed class WhenLifecycleChanges(AccountReading accounts, MailQueue post, ProductUrl address)
    : IHearsMany<AccountDeactivated>, IHearsMany<DeletionScheduled>, IHearsMany<DeletionCancelled>, IHearsMany<AccountClaimed>,
    IHearsMany<EmailAddressVerified>, IHearsMany<AccountUnclaimed>
{
    public Task Hear(IReadOnlyList<AccountDeactivated> facts, CancellationToken ct) =>
        Tell(facts, fact => fact.By, (fact, to) => new AccountDeactivatedLetter(to.Name, fact.Message), ct);

    public Task Hear(IReadOnlyList<DeletionScheduled> facts, CancellationToken ct) => Tell(facts, fact => fact.By,
        (fact, to) => new DeletionScheduledLetter(to.Name, fact.DueAt.InLetters(), fact.By is null, address.Link("/sign-in")), ct);

    public Task Hear(IReadOnlyList<DeletionCancelled> facts, CancellationToken ct) =>
        Tell(facts, fact => fact.By, (_, to) => new DeletionCancelledLetter(to.Name, address.Link("/sign-in")), ct);

    public Task Hear(IReadOnlyList<AccountClaimed> facts, CancellationToken ct) =>
        Tell(facts, fact => fact.By, (_, to) => new ClaimedNoticeLetter(to.Name, to.Email, address.Link("/account")), ct);

    public Task Hear(IReadOnlyList<EmailAddressVerified> facts, CancellationToken ct) =>
        Hear(facts.Where(fact => fact.ClaimedBy is not null)
            .Select(fact => new AccountClaimed(fact.Account, fact.At, fact.ClaimedBy!.Value)).ToList(), ct);

    public Task Hear(IReadOnlyList<AccountUnclaimed> facts, CancellationToken ct) =>
        Tell(facts.Where(fact => fact.Excluded || fact.Job is not null).ToList(), fact => fact.By,
            (_, to) => (AccountState)to.State is AccountState.Deactivated or AccountState.PendingDeletion ? null
                : new UnclaimedNoticeLetter(to.Name, to.Email, address.Link("/account")), ct);

    /// <param name="write">Null for whom is not told.</param>
    async Task Tell<T>(IReadOnlyList<T> facts, Func<T, OrganizationId?> by,
        Func<T, (Guid Id, string Name, string Email, short State), Letter?> write, CancellationToken ct)
        where T : LifecycleFact
    {
        var told = facts.Where(fact => fact.Notify).SelectMany(fact => fact.Accounts, (fact, account) => (account, fact))
            .ToDictionary(t => t.account, t => t.fact);
        if (told.Count == 0) return;
        var mails = new List<OutgoingMail>();
        // An erased account has no address any more: then there is nobody left to tell.
        foreach (var to in await accounts.AddressesOf([.. told.Keys], ct))
        {
            var fact = told[new(to.Id)];
            if (write(fact, to) is { } letter)
                mails.Add(new(to.Email, letter, by(fact)?.Value, DeterministicGuid.Of(to.Id, fact.Occasion, letter.Template)));
        }
        await post.Send(mails, ct);
    }
}
