using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts.Hearing;

/// <summary>The mails of a bulk action, chunk by chunk, when the admin wished them: the same letters as for one account.</summary>
sealed class WhenManyAccountsChange(AccountReading accounts, MailQueue post, PublicAddress address)
    : INotificationHandler<AccountsDeactivated>, INotificationHandler<DeletionsScheduled>, INotificationHandler<DeletionsCancelled>
{
    public Task Handle(AccountsDeactivated fact, CancellationToken ct) => fact.Notify
        ? Tell(fact.Accounts, fact.By.Value, fact.Job, name => new AccountDeactivatedLetter(name, fact.Message), ct)
        : Task.CompletedTask;

    public Task Handle(DeletionsScheduled fact, CancellationToken ct) =>
        fact.Notify ? Tell(fact.Accounts, fact.By.Value, fact.Job,
            name => new DeletionScheduledLetter(name, fact.DueAt.InLetters(), false, address.Link("/sign-in")), ct) : Task.CompletedTask;

    public Task Handle(DeletionsCancelled fact, CancellationToken ct) =>
        fact.Notify ? Tell(fact.Accounts, fact.By.Value, fact.Job, name => new DeletionCancelledLetter(name, address.Link("/sign-in")),
            ct) : Task.CompletedTask;

    async Task Tell(IReadOnlyList<AccountId> ids, Guid by, JobId job, Func<string, Letter> write, CancellationToken ct)
    {
        var mails = new List<Mail>(ids.Count);
        foreach (var (id, name, email) in await accounts.AddressesOf(ids, ct))
        {
            var letter = write(name);
            mails.Add(new(email, letter, by, DeterministicGuid.Of(id, job, letter.Template)));
        }
        await post.Send(mails, ct);
    }
}
