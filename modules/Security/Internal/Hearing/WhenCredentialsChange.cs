using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Sessions;
using DirectoryPlatform.Security.Internal.SigningIn;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>
/// Sessions end at the change itself; this ends them, too, when the process died between the commit and that (SPEC M7). A link of a
/// forgotten password dies with the address that it was sent to, even when that comes back. Whatever was begun in an account that was taken
/// back goes (A15).
/// </summary>
sealed class WhenCredentialsChange(NpgsqlDataSource database, SessionStore sessions, BegunSince begun)
    : IHearsMany<PasswordReplaced>, INotificationHandler<EmailAddressChanged>
{
    public Task Hear(IReadOnlyList<PasswordReplaced> facts, CancellationToken ct) =>
        sessions.EndAll([.. facts.Select(fact => new EndedAccess(fact.Account, fact.At, fact.Keep))], "password changed", ct);

    public async Task Handle(EmailAddressChanged fact, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands
            .Add(new("update security.password_reset set used_at = $3 where account_id = $1 and sent_at <= $2 and used_at is null")
            {
                Parameters = { new() { Value = fact.Account.Value }, new() { Value = fact.At.UtcDateTime },
                new() { Value = fact.At.UtcDateTime } },
            });
        await batch.ExecuteNonQueryAsync(ct);
        await begun.End(fact, Origin.Schedule, ct);
    }
}
