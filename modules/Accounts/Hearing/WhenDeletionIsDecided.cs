using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts.Hearing;

/// <summary>Tells the person that the account will be deleted, and when it will not (SPEC A5).</summary>
sealed class WhenDeletionIsDecided(AccountReading accounts, MailQueue post, PublicAddress address)
    : INotificationHandler<DeletionScheduled>, INotificationHandler<DeletionCancelled>
{
    public Task Handle(DeletionScheduled fact, CancellationToken ct) =>
        Tell(fact, fact.By?.Value,
            account => new DeletionScheduledLetter(account.Name, fact.DueAt.InLetters(), fact.By is null, address.Link("/sign-in")), ct);

    public Task Handle(DeletionCancelled fact, CancellationToken ct) =>
        Tell(fact, fact.By?.Value, account => new DeletionCancelledLetter(account.Name, address.Link("/sign-in")), ct);

    async Task Tell(AccountFact fact, Guid? by, Func<Account, Letter> letter, CancellationToken ct)
    {
        // An erased account has no address any more: then there is nobody left to tell.
        if (await accounts.Of("id", fact.Account.Value, ct) is not { Email: { } email } account) return;
        await post.Send([new(email.Value, letter(account), by, DeterministicGuid.Of(fact.Account, fact.At, fact.GetType().Name))], ct);
    }
}
