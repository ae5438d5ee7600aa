using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts.Hearing;

/// <summary>Tells the person, unless the admin switched it off (SPEC A3).</summary>
sealed class WhenAccountDeactivated(AccountReading accounts, MailQueue post) : INotificationHandler<AccountDeactivated>
{
    public async Task Handle(AccountDeactivated fact, CancellationToken ct)
    {
        if (!fact.Notify || await accounts.Of("id", fact.Account.Value, ct) is not { Email: { } email } account) return;
        await post.Send(
            [new(email.Value, new AccountDeactivatedLetter(account.Name, fact.Message), fact.By.Value,
                DeterministicGuid.Of(fact.Account, fact.At, "deactivated"))], ct);
    }
}
