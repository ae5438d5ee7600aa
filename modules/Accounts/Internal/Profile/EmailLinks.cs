namespace DirectoryPlatform.Accounts.Internal.Profile;

/// <summary>What waits behind the links of a changed address (SPEC A12, A15), and the one that stops a change.</summary>
sealed class EmailLinks(NpgsqlDataSource database, UnitOfWork work, ILimiter limiter, TimeProvider clock)
    : IRequestHandler<StopEmailChange, Outcome<Done>>, IRequestHandler<ReadStoppableChange, Outcome<WaitingEmail>>,
    IRequestHandler<ReadEmailChange, Outcome<WaitingEmail>>, IRequestHandler<ReadLeftEmail, Outcome<LeftEmail>>,
    IRequestHandler<ReadPendingEmail, string?>
{
    /// <summary>A link to an address in use was never good, and must look as if it were: who asked may not learn the difference.</summary>
    const string LooksGood = "(used_at is null or used_at = expires_at) and expires_at > @now";

    const string Waits = $"{LooksGood} and stopped_at is null";

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
        var found = await database.Rows<(Guid Account, string Email)>(
            $"select account_id, new_email from accounts.email_change where {by} = @hash and {good}",
            new { hash = RandomToken.HashOf(token!), now = clock.GetUtcNow().UtcDateTime }, ct);
        return found is [var (account, email)] ? new WaitingEmail(new(account), email) : otherwise;
    }

    public async Task<string?> Handle(ReadPendingEmail query, CancellationToken ct) =>
        await database.Value<string?>(
            $"select new_email from accounts.email_change where account_id = @id and {LooksGood} order by sent_at desc limit 1",
            new { id = query.Account.Value, now = clock.GetUtcNow().UtcDateTime }, ct);

    public async Task<Outcome<LeftEmail>> Handle(ReadLeftEmail query, CancellationToken ct)
    {
        if (!IsToken(query.Token)) return new LinkVoid();
        var found = await database.Rows<(Guid Id, Guid Account, string Email, string MovedTo, DateTime Asked)>($"""
            select l.id, l.account_id, l.email, l.moved_to, l.asked_at from accounts.left_address l where l.token_hash = @hash
              and {LeftAddresses.IsReserved("@now")}
            """, new { hash = RandomToken.HashOf(query.Token!), now = clock.GetUtcNow().UtcDateTime }, ct);
        return found is [var (id, account, email, movedTo, asked)]
            ? new LeftEmail(id, new(account), EmailAddress.Trusted(email), movedTo, new(asked, TimeSpan.Zero))
            : new LinkVoid();
    }

    static bool IsToken(string? token) => token is { Length: > 0 and <= 100 };
}
