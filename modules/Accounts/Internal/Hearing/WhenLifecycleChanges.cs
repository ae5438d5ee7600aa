using DirectoryPlatform.Accounts.Internal.Letters;
using DirectoryPlatform.Accounts.Internal.Storage;

namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>Tells people that they are deactivated, will be deleted, or will not (SPEC A3, A5), unless the admin switched it off.</summary>
sealed class WhenLifecycleChanges(AccountReading accounts, MailQueue post, ProductUrl address)
    : IHearsMany<AccountDeactivated>, IHearsMany<DeletionScheduled>, IHearsMany<DeletionCancelled>
{
    public Task Hear(IReadOnlyList<AccountDeactivated> facts, CancellationToken ct) =>
        Tell(facts, fact => fact.By.Value, (fact, name) => new AccountDeactivatedLetter(name, fact.Message), ct);

    public Task Hear(IReadOnlyList<DeletionScheduled> facts, CancellationToken ct) => Tell(facts, fact => fact.By?.Value,
        (fact, name) => new DeletionScheduledLetter(name, fact.DueAt.InLetters(), fact.By is null, address.Link("/sign-in")), ct);

    public Task Hear(IReadOnlyList<DeletionCancelled> facts, CancellationToken ct) =>
        Tell(facts, fact => fact.By?.Value, (_, name) => new DeletionCancelledLetter(name, address.Link("/sign-in")), ct);

    async Task Tell<T>(IReadOnlyList<T> facts, Func<T, Guid?> by, Func<T, string, Letter> write, CancellationToken ct)
        where T : LifecycleFact
    {
        var told = facts.Where(fact => fact.Notify).SelectMany(fact => fact.Accounts, (fact, account) => (account, fact))
            .ToDictionary(t => t.account, t => t.fact);
        if (told.Count == 0) return;
        // An erased account has no address any more: then there is nobody left to tell.
        await post.Send([.. (await accounts.AddressesOf([.. told.Keys], ct)).Select(person =>
        {
            var fact = told[new(person.Id)];
            var letter = write(fact, person.Name);
            return new OutgoingMail(person.Email, letter, by(fact), DeterministicGuid.Of(person.Id, fact.Occasion, letter.Template));
        })], ct);
    }
}
