using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Sessions;
using DirectoryPlatform.Security.Internal.TwoStep;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.Passwords;

sealed class OtherWaysInHandler(NpgsqlDataSource database, PasswordResetLinks links, TwoStepStore twoStep, IMediator mediator,
    TimeProvider clock)
    : IRequestHandler<ReadWhatElseCanGetIn, Outcome<OtherWaysIn>>, IRequestHandler<ReadMyWaysIn, OtherWaysIn>
{
    public async Task<Outcome<OtherWaysIn>> Handle(ReadWhatElseCanGetIn query, CancellationToken ct)
    {
        var account = await links.Find(query.Token, ct);
        return account.Granted ? await Of(account.Value.Id, ct) : account.Refusal;
    }

    public Task<OtherWaysIn> Handle(ReadMyWaysIn query, CancellationToken ct) => Of(query.Account, ct);

    async Task<OtherWaysIn> Of(AccountId account, CancellationToken ct)
    {
        var values = new { id = account.Value, now = clock.GetUtcNow().UtcDateTime };
        List<string> devices, tokens, keys;
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            devices = (await connection.QueryAsync<string>(
                $"select device from security.session where account_id = @id and {SessionStore.IsLive("@now")} order by last_active_at "
                + "desc, id desc", values)).AsList();
            tokens = (await connection.QueryAsync<string>(
                "select label from security.api_token where account_id = @id and revoked_at is null and expires_at > @now "
                + "order by created_at desc, id desc", values)).AsList();
            keys = (await connection.QueryAsync<string>(
                "select name from security.api_key where account_id = @id and revoked_at is null and expires_at > @now order by created_at "
                + "desc, id desc", values)).AsList();
        }
        return new(devices, tokens, await mediator.Send(new ReadPendingEmail(account), ct), await twoStep.OnSince(account, ct), keys);
    }
}
