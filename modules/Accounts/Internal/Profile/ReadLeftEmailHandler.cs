using Dapper;
using DirectoryPlatform.Accounts.Internal.Storage;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Internal.Profile;

sealed class ReadLeftEmailHandler(NpgsqlDataSource database, TimeProvider clock) : IRequestHandler<ReadLeftEmail, Outcome<LeftEmail>>
{
    public async Task<Outcome<LeftEmail>> Handle(ReadLeftEmail query, CancellationToken ct)
    {
        if (query.Token is not { Length: > 0 and <= 100 }) return new LinkVoid();
        await using var connection = await database.OpenConnectionAsync(ct);
        var found = (await connection.QueryAsync<(Guid Id, Guid Account, string Email, string MovedTo, DateTime Asked)>($"""
            select l.id, l.account_id, l.email, l.moved_to, l.asked_at from accounts.left_address l where l.token_hash = @hash
              and {LeftAddresses.IsReserved("@now")}
            """, new { hash = RandomToken.HashOf(query.Token), now = clock.GetUtcNow().UtcDateTime })).AsList();
        return found is [var (id, account, email, movedTo, asked)]
            ? new LeftEmail(id, new(account), EmailAddress.Trusted(email), movedTo, new(asked, TimeSpan.Zero))
            : new LinkVoid();
    }
}
