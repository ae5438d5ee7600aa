using System.Globalization;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Policies;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Hearing;

/// <summary>
/// Looks whether there is an account, and mails its link, or why none is of use: at most one a minute and ten a day (as SPEC A2 for verification), a newer link in place of the last one. Runs after the
/// answer was given, so that its time tells nothing.
/// </summary>
sealed class WhenPasswordResetIsAsked(NpgsqlDataSource database, IMediator mediator, PolicyOf policies, PublicAddress address, Post post, TimeProvider clock) : INotificationHandler<PasswordResetAsked>
{
    public async Task Handle(PasswordResetAsked fact, CancellationToken ct)
    {
        // Heard so late that nobody waits for it any more.
        if (clock.GetUtcNow() - fact.At > PasswordResets.Life) return;
        if (await mediator.Send(new FindAccount(EmailAddress.Trusted(fact.Email)), ct) is not { State: not AccountState.Deleted } account) return;
        // Forgotten before the address was verified: the link of the verification mail sets the password (SPEC A13).
        if (account.State is AccountState.Unverified)
        {
            await mediator.Send(new SendVerificationMail(account.Id, null, new Origin(account.Id.Value, "web", null, fact.RequestId)), ct);
            return;
        }
        if ((await policies.Of(account, ct)).SingleSignOn)
        {
            await post.Send([new(account.Email, new SignInAtProviderLetter(account.Name, address.Link("/sign-in")), account.ManagedBy?.Value,
                StableId.Of(account.Id, "forgot a password that is not in use", fact.At.ToString("yyyy-MM-dd HH", CultureInfo.InvariantCulture)))], ct);
            return;
        }
        var (id, now, token) = (account.Id.Value, clock.GetUtcNow(), RandomToken.New());
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // The limits are read and written by one at a time: a fact may be heard twice, and two nodes may change turns.
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('password reset ' || @id::text, 0))", new { id });
        var (minute, day) = await connection.QuerySingleAsync<(long, long)>("""
            select count(*) filter (where sent_at > @minuteAgo), count(*) from security.password_reset where account_id = @id and sent_at > @dayAgo
            """, new { id, minuteAgo = now.AddMinutes(-1).UtcDateTime, dayAgo = now.AddDays(-1).UtcDateTime });
        if (minute >= 1 || day >= 10) return;
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                PasswordResets.Void([id], now),
                new("insert into security.password_reset (token_hash, account_id, email, sent_at, expires_at) values ($1, $2, $3, $4, $5)")
                {
                    Parameters =
                    {
                        new() { Value = RandomToken.HashOf(token) }, new() { Value = id }, new() { Value = account.Email }, new() { Value = now.UtcDateTime }, new() { Value = (now + PasswordResets.Life).UtcDateTime },
                    },
                },
                // The actor is unknown: anybody may type an address.
                AuditLog.Insert([new(Guid.CreateVersion7(now), now, account.ManagedBy?.Value, new Origin(null, "web", null, fact.RequestId), id, "PasswordResetMailSent", null, null, null, null, null)]),
                new Mail(account.Email, new PasswordResetLetter(account.Name, address.Link($"/reset-password?token={token}")), account.ManagedBy?.Value).Insert(now),
            },
        };
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        post.Hurry();
    }
}
