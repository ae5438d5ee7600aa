using Dapper;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Internal.SignUp;

/// <summary>
/// The links' rows decide who wins when one is followed many times at once, or two of one account: the first uses all of them up, the
/// others find them used.
/// </summary>
sealed class FollowVerificationLinkHandler(NpgsqlDataSource database, UnitOfWork work, IMediator mediator, TimeProvider clock)
    : IRequestHandler<FollowVerificationLink, Outcome<AccountId>>, IRequestHandler<ReadVerificationLink, Outcome<AccountView>>
{
    public async Task<Outcome<AccountView>> Handle(ReadVerificationLink query, CancellationToken ct) =>
        (await Find(query.Token, ct)).Map(found => found.Account);

    public async Task<Outcome<AccountId>> Handle(FollowVerificationLink command, CancellationToken ct)
    {
        var found = await Find(command.Token, ct);
        if (!found.Granted) return found.Refusal;
        var (account, email) = found.Value;
        // Given back before the turn, which needs a connection of its own: a crowd of followers would otherwise hold all there are, and
        // wait for one more.
        if (await UseUp(account.Id, command, ct) is { Granted: false, Refusal: var used }) return used;
        var verified = await mediator
            .Send(new VerifyEmailAddress(account.Id, email, command.Origin with { Actor = account.Id.Value }, command.ClaimFor), ct);
        return verified.Granted ? account.Id : verified.Refusal is EmailAlreadyVerified or EmailChanged ? new LinkVoid() : verified.Refusal;
    }

    async Task<Outcome<(AccountView Account, EmailAddress Email)>> Find(string? token, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(token) || token.Length > 100) return new LinkVoid();
        List<(Guid Account, string Email)> link;
        await using (var connection = await database.OpenConnectionAsync(ct))
            link = (await connection.QueryAsync<(Guid Account, string Email)>("""
                select account_id, email from accounts.email_verification where token_hash = @hash and used_at is null and expires_at > @now
                """, new { hash = RandomToken.HashOf(token), now = clock.GetUtcNow().UtcDateTime })).AsList();
        if (link is not [var (id, email)]) return new LinkVoid();
        var account = await mediator.Send(new ReadAccount(new(id)), ct);
        return account.Granted && account.Value.State is AccountState.Unverified && account.Value.Email == email
            ? (account.Value, EmailAddress.Trusted(email))
            : new LinkVoid();
    }

    Task<Outcome<Done>> UseUp(AccountId account, FollowVerificationLink command, CancellationToken ct) =>
        work.Run<Done>(command.Origin, async change =>
    {
        var values = new { id = account.Value, now = change.Now.UtcDateTime, hash = RandomToken.HashOf(command.Token!) };
        // Followers of two links of one account come one after another, too.
        await change.Write("select 1 from accounts.account where id = @id for no key update", values);
        if (await change.Write("update accounts.email_verification set used_at = @now where token_hash = @hash and used_at is null", values)
            != 1) return new LinkVoid();
        await change.Write("update accounts.email_verification set used_at = @now where account_id = @id and used_at is null", values);
        change.Queue(command.Along);
        change.Quiet("the verification that follows has the entry");
        return Done.It;
    }, ct);
}
