using Dapper;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.SignUp;

/// <summary>The turn decides who wins when a link is followed many times at once: the first verifies, the others find it verified.</summary>
sealed class FollowVerificationLinkHandler(NpgsqlDataSource database, IMediator mediator, TimeProvider clock) : IRequestHandler<FollowVerificationLink, Outcome<AccountId>>
{
    public async Task<Outcome<AccountId>> Handle(FollowVerificationLink command, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(command.Token) || command.Token.Length > 100) return new LinkVoid();
        var now = clock.GetUtcNow();
        List<(Guid Account, string Email)> link;
        // Given back before the turn, which needs a connection of its own: a crowd of followers would otherwise hold all there are, and wait for one more.
        await using (var connection = await database.OpenConnectionAsync(ct))
            link = (await connection.QueryAsync<(Guid Account, string Email)>("""
                select account_id, email from accounts.email_verification where token_hash = @hash and used_at is null and expires_at > @now
                """, new { hash = RandomToken.HashOf(command.Token), now = now.UtcDateTime })).AsList();
        if (link is not [var (id, email)]) return new LinkVoid();
        var account = new AccountId(id);
        var verified = await mediator.Send(new VerifyEmailAddress(account, EmailAddress.Trusted(email), command.Origin with { Actor = id }), ct);
        await using var after = await database.OpenConnectionAsync(ct);
        await after.ExecuteAsync("update accounts.email_verification set used_at = @now where account_id = @id and used_at is null", new { id, now = now.UtcDateTime });
        return verified.Granted ? account : verified.Refusal is EmailAlreadyVerified or EmailChanged ? new LinkVoid() : verified.Refusal;
    }
}
