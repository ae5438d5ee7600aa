using DirectoryPlatform.Accounts.Internal.Letters;
using DirectoryPlatform.Accounts.Internal.Storage;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>Tells people that they are deactivated, will be deleted, or will not (SPEC A3, A5), unless the admin switched it off.</summary>
sealed class WhenLifecycleChanges(AccountReading accounts, MailQueue post, ProductUrl address)
    : INotificationHandler<AccountDeactivated>, INotificationHandler<DeletionScheduled>, INotificationHandler<DeletionCancelled>
{
    public Task Handle(AccountDeactivated fact, CancellationToken ct) =>
        Tell(fact, fact.By.Value, name => new AccountDeactivatedLetter(name, fact.Message), ct);

    public Task Handle(DeletionScheduled fact, CancellationToken ct) => Tell(fact, fact.By?.Value,
        name => new DeletionScheduledLetter(name, fact.DueAt.InLetters(), fact.By is null, address.Link("/sign-in")), ct);

    public Task Handle(DeletionCancelled fact, CancellationToken ct) =>
        Tell(fact, fact.By?.Value, name => new DeletionCancelledLetter(name, address.Link("/sign-in")), ct);

    async Task Tell(LifecycleFact fact, Guid? by, Func<string, Letter> write, CancellationToken ct)
    {
        if (!fact.Notify) return;
        // An erased account has no address any more: then there is nobody left to tell.
        await post.Send([.. (await accounts.AddressesOf(fact.Accounts, ct)).Select(person => write(person.Name) is var letter
            ? new OutgoingMail(person.Email, letter, by, DeterministicGuid.Of(person.Id, fact.Occasion, letter.Template))
            : null!)], ct);
    }
}
