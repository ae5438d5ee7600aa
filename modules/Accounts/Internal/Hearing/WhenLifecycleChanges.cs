namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>
/// Tells people that they are deactivated, will be deleted, or will not (SPEC A3, A5), and who manages their account now, or no longer (C5,
/// C7), unless the admin switched it off. Whose account was claimed while signing up is told when the address is verified, and nothing
/// before; and of an unclaiming that no admin chose, because a domain was lost, nobody is told by mail.
/// </summary>
sealed class WhenLifecycleChanges(AccountReading accounts, MailQueue post, ProductUrl address)
    : IHearsMany<AccountDeactivated>, IHearsMany<DeletionScheduled>, IHearsMany<DeletionCancelled>, IHearsMany<AccountClaimed>,
    IHearsMany<EmailAddressVerified>, IHearsMany<AccountUnclaimed>
{
    public Task Hear(IReadOnlyList<AccountDeactivated> facts, CancellationToken ct) =>
        Tell(facts, fact => fact.By, (fact, name, _) => new AccountDeactivatedLetter(name, fact.Message), ct);

    public Task Hear(IReadOnlyList<DeletionScheduled> facts, CancellationToken ct) => Tell(facts, fact => fact.By,
        (fact, name, _) => new DeletionScheduledLetter(name, fact.DueAt.InLetters(), fact.By is null, address.Link("/sign-in")), ct);

    public Task Hear(IReadOnlyList<DeletionCancelled> facts, CancellationToken ct) =>
        Tell(facts, fact => fact.By, (_, name, _) => new DeletionCancelledLetter(name, address.Link("/sign-in")), ct);

    public Task Hear(IReadOnlyList<AccountClaimed> facts, CancellationToken ct) =>
        Tell(facts, fact => fact.By, (_, name, email) => new ClaimedNoticeLetter(name, email, address.Link("/account")), ct);

    public Task Hear(IReadOnlyList<EmailAddressVerified> facts, CancellationToken ct) =>
        Hear(facts.Where(fact => fact.ClaimedBy is not null)
            .Select(fact => new AccountClaimed(fact.Account, fact.At, fact.ClaimedBy!.Value)).ToList(), ct);

    public Task Hear(IReadOnlyList<AccountUnclaimed> facts, CancellationToken ct) =>
        Tell(facts.Where(fact => fact.Excluded || fact.Job is not null).ToList(), fact => fact.By,
            (_, name, email) => new UnclaimedNoticeLetter(name, email, address.Link("/account")), ct);

    async Task Tell<T>(IReadOnlyList<T> facts, Func<T, OrganizationId?> by, Func<T, string, string, Letter> write, CancellationToken ct)
        where T : LifecycleFact
    {
        var told = facts.Where(fact => fact.Notify).SelectMany(fact => fact.Accounts, (fact, account) => (account, fact))
            .ToDictionary(t => t.account, t => t.fact);
        if (told.Count == 0) return;
        // An erased account has no address any more: then there is nobody left to tell.
        await post.Send([.. (await accounts.AddressesOf([.. told.Keys], ct)).Select(person =>
        {
            var fact = told[new(person.Id)];
            var letter = write(fact, person.Name, person.Email);
            return new OutgoingMail(person.Email, letter, by(fact)?.Value,
                DeterministicGuid.Of(person.Id, fact.Occasion, letter.Template));
        })], ct);
    }
}
