using Dapper;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// Whoever reads the mails of the present address stops a change that waits (SPEC A15): by a link, once, without a session, because
/// somebody else may sit in it. Refused with <see cref="ChangeNotWaiting"/>, also where the change has been made: then a later mail holds
/// the link that takes the address back.
/// </summary>
public sealed record StopEmailChange([property: Secret] string? Token, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Whether such a link is still good, for the page that it leads to; changes nothing.</summary>
public sealed record ReadStoppableChange(string? Token) : IRequest<Outcome<WaitingEmail>>;

/// <summary>What waits behind the link that confirms a new address; refused with <see cref="LinkVoid"/>.</summary>
public sealed record ReadEmailChange(string? Token) : IRequest<Outcome<WaitingEmail>>;

/// <param name="Email">The address that the person wants to have.</param>
public sealed record WaitingEmail(AccountId Account, string Email);

public sealed record ChangeNotWaiting() : Refusal("changeNotWaiting",
    "There is nothing to stop: this change was stopped, was replaced by another one, has expired or was made. If it was made, a later mail "
        + "to this address holds the link that takes the address back.");

sealed class StopEmailChangeHandler(NpgsqlDataSource database, UnitOfWork work, ILimiter limiter, TimeProvider clock) :
    IRequestHandler<StopEmailChange, Outcome<Done>>, IRequestHandler<ReadStoppableChange, Outcome<WaitingEmail>>,
    IRequestHandler<ReadEmailChange, Outcome<WaitingEmail>>
{
    /// <summary>A link to an address in use was never good, and must look as if it were: who asked may not learn the difference.</summary>
    const string Waits = "(used_at is null or used_at = expires_at) and stopped_at is null and expires_at > @now";

    public async Task<Outcome<Done>> Handle(StopEmailChange command, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.EmailChangeLink, command.Origin, command.Token, ct) is { } closed) return closed;
        if (!IsToken(command.Token)) return new ChangeNotWaiting();
        return await work.Run<Done>(command.Origin, async change =>
        {
            // The turn that would carry it out updates the same row: one of the two comes first.
            if (await change.Rows<Guid>(
                $"update accounts.email_change set used_at = @now, stopped_at = @now where stop_hash = @hash and {Waits} "
                + "returning account_id",
                new { hash = RandomToken.HashOf(command.Token!), now = change.Now.UtcDateTime }) is not [var account])
                return new ChangeNotWaiting();
            // Whoever holds the link may be anybody who reads that mailbox: no actor is known.
            change.WriteAudit(null, account, AccountActions.EmailChangeStopped);
            return Done.It;
        }, ct);
    }

    public Task<Outcome<WaitingEmail>> Handle(ReadStoppableChange query, CancellationToken ct) =>
        Read(query.Token, "stop_hash", Waits, new ChangeNotWaiting(), ct);

    public Task<Outcome<WaitingEmail>> Handle(ReadEmailChange query, CancellationToken ct) =>
        Read(query.Token, "token_hash", "used_at is null and expires_at > @now", new LinkVoid(), ct);

    async Task<Outcome<WaitingEmail>> Read(string? token, string by, string good, Refusal otherwise, CancellationToken ct)
    {
        if (!IsToken(token)) return otherwise;
        await using var connection = await database.OpenConnectionAsync(ct);
        var found = (
            await connection.QueryAsync<(Guid Account, string Email)>(
                $"select account_id, new_email from accounts.email_change where {by} = @hash and {good}",
            new { hash = RandomToken.HashOf(token!), now = clock.GetUtcNow().UtcDateTime })).AsList();
        return found is [var (account, email)] ? new WaitingEmail(new(account), email) : otherwise;
    }

    static bool IsToken(string? token) => token is { Length: > 0 and <= 100 };
}
