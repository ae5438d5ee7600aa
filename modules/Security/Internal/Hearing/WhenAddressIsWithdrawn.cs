using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Sessions;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>Whoever reads the mailbox now is another person (SPEC A16): no link that was sent there opens anything, also after a
/// reactivation, and every session ends for good.</summary>
sealed class WhenAddressIsWithdrawn(NpgsqlDataSource database, SessionStore sessions) : INotificationHandler<AddressWithdrawn>
{
    public async Task Handle(AddressWithdrawn fact, CancellationToken ct)
    {
        await sessions.EndAll([fact.Account], fact.At, "email address withdrawn", ct);
        await using var batch = database.CreateBatch();
        batch.BatchCommands
            .Add(new("update security.password_reset set used_at = $2 where account_id = $1 and sent_at <= $2 and used_at is null")
            {
                Parameters = { new() { Value = fact.Account.Value }, new() { Value = fact.At.UtcDateTime } },
            });
        await batch.ExecuteNonQueryAsync(ct);
    }
}
