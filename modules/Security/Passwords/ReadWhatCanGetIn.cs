using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Sessions;
using DirectoryPlatform.Security.TwoStep;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security;

/// <summary>What else can get in to an account, for the page behind a reset link (SPEC A14); for the holder of a good link alone, who is
/// about to be the account's only owner. Changes nothing.</summary>
public sealed record ReadWhatElseCanGetIn(string? Token) : IRequest<Outcome<OtherWaysIn>>;

/// <summary>The same for the signed-in person, who is about to change the password.</summary>
public sealed record ReadMyWaysIn(AccountId Account) : IRequest<OtherWaysIn>;

/// <param name="Devices">Names of those that are signed in, latest first.</param>
/// <param name="ApiTokens">Labels of those that work.</param>
/// <param name="PendingEmail">An address that waits to be confirmed; null for none.</param>
/// <param name="TwoStepSince">Null while two-step verification is off. It stays.</param>
/// <param name="ApiKeys">Names of organizations' keys that act in this person's name. They stay.</param>
public sealed record OtherWaysIn(IReadOnlyList<string> Devices, IReadOnlyList<string> ApiTokens, string? PendingEmail,
    DateTimeOffset? TwoStepSince, IReadOnlyList<string> ApiKeys);

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
