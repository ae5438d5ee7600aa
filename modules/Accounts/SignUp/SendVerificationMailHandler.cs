using Dapper;
using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.SignUp;

/// <summary>Token, limits and mail in one transaction under the account's row lock,
/// so that no two requests pass the limits together (SPEC A2).</summary>
sealed class SendVerificationMailHandler(NpgsqlDataSource database, PublicAddress address, Post post, TimeProvider clock)
    : IRequestHandler<SendVerificationMail, Outcome<Done>>
{
    static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);

    public async Task<Outcome<Done>> Handle(SendVerificationMail command, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await Lock(connection, command.Account) is not { Email: { } email } account) return new NotFound("account");
        if (command.Organization is { } organization ? account.ManagedBy != organization : command.Origin.Actor is { } actor
            && actor != account.Id.Value) return new NotManagedHere();
        if (account.EmailVerified) return new EmailAlreadyVerified();
        if (account.State is AccountState.PendingDeletion) return new BeingDeleted();
        var (minute, day) = await connection.QuerySingleAsync<(long, long)>("""
            select count(*) filter (where sent_at > @minuteAgo), count(*) from accounts.email_verification where account_id = @id
              and sent_at > @dayAgo
            """, new { id = account.Id.Value, minuteAgo = now.AddMinutes(-1).UtcDateTime, dayAgo = now.AddDays(-1).UtcDateTime });
        if (minute >= 1) return new MailTooSoon();
        if (day >= 10) return new TooManyMails();
        var token = RandomToken.New();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("insert into accounts.email_verification (token_hash, account_id, email, sent_at, expires_at) "
                    + "values ($1, $2, $3, $4, $5)")
                {
                    Parameters =
                    {
                        new() { Value = RandomToken.HashOf(token) }, new() { Value = account.Id.Value }, new() { Value = email.Value },
                        new() { Value = now.UtcDateTime }, new() { Value = (now + LinkLife).UtcDateTime },
                    },
                },
                // Nothing happens in an organization's name before the address is verified (SPEC C4), unless its admin asks for it.
                AuditLog.Insert(
                    [new(Guid.CreateVersion7(now), now, Organization(account, command)?.Value, command.Origin, account.Id.Value,
                        "VerificationMailSent", null, null, null, null, null)]),
                new Mail(email.Value, new EmailVerificationLetter(account.Name, address.Link($"/verify-email?token={token}"))).Insert(now),
            },
        };
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        post.Hurry();
        return Done.It;
    }

    static OrganizationId? Organization(Account account, SendVerificationMail command) => account.State is AccountState.Unverified
        ? command.Organization
        : account.ManagedBy;

    static async Task<Account?> Lock(NpgsqlConnection connection, AccountId id)
    {
        await using var command = new NpgsqlCommand($"select {AccountStore.Columns} from accounts.account where id = $1 for update",
            connection)
        { Parameters = { new() { Value = id.Value } } };
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? AccountStore.ReadRow(row) : null;
    }
}
