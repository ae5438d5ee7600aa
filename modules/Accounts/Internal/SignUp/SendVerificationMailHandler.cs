using DirectoryPlatform.Accounts.Internal.Letters;
using DirectoryPlatform.Accounts.Internal.Storage;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Internal.SignUp;

/// <summary>Token, limits and mail in one transaction under the account's row lock,
/// so that no two requests pass the limits together (SPEC A2).</summary>
sealed class SendVerificationMailHandler(UnitOfWork work, ProductUrl address)
    : IRequestHandler<SendVerificationMail, Outcome<Done>>
{
    static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);

    public Task<Outcome<Done>> Handle(SendVerificationMail command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        var now = change.Now;
        if (await Lock(change.Connection, command.Account) is not { } account) return new NotFound("account");
        if (account.RefusalToMailVerification(command.Organization, command.Origin.Actor) is { } refusal) return refusal;
        var email = account.Email!.Value;
        var (minute, day) = (await change.Rows<(long, long)>("""
            select count(*) filter (where sent_at > @minuteAgo), count(*) from accounts.email_verification where account_id = @id
              and sent_at > @dayAgo
            """, new { id = account.Id.Value, minuteAgo = now.AddMinutes(-1).UtcDateTime, dayAgo = now.AddDays(-1).UtcDateTime }))[0];
        if (minute >= 1) return new MailTooSoon();
        if (day >= 10) return new TooManyMails();
        var token = RandomToken.New();
        await change.Write("insert into accounts.email_verification (token_hash, account_id, email, sent_at, expires_at) "
            + "values (@hash, @id, @Value, @now, @until)", new
            {
                hash = RandomToken.HashOf(token),
                id = account.Id.Value,
                email.Value,
                now = now.UtcDateTime,
                until = (now + LinkLife).UtcDateTime,
            });
        // Nothing happens in an organization's name before the address is verified (SPEC C4), unless its admin asks for it.
        change.WriteAudit(Organization(account, command), account.Id.Value, AccountActions.VerificationMailSent);
        change.QueueMail(new(email.Value, new EmailVerificationLetter(account.Name, address.Link($"/verify-email?token={token}"))));
        return Done.It;
    }, ct);

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
