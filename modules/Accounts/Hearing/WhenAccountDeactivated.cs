using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts.Hearing;

/// <summary>Tells the person, unless the admin switched it off (SPEC A3).</summary>
sealed class WhenAccountDeactivated(AccountReading accounts, Post post) : INotificationHandler<AccountDeactivated>
{
    public async Task Handle(AccountDeactivated fact, CancellationToken ct)
    {
        if (!fact.Notify || await accounts.Of("id", fact.Account.Value, ct) is not { Email: { } email } account) return;
        var message = fact.Message is null ? "" : $"Message from the admin:\n{fact.Message}\n\n";
        await post.Send([new(email.Value, "Your account was deactivated", $"""
            Hello {account.Name},

            an admin of the organization that manages your account has deactivated it. You cannot sign in until it is reactivated. Your data is kept.

            {message}If you think that this is a mistake, ask your organization's admin.
            """, fact.By.Value, StableId.Of(fact.Account, fact.At, "deactivated"))], ct);
    }
}
