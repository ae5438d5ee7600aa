namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>The links: of their tokens only hashes are kept.</summary>
static class PasswordResets
{
    /// <summary>Own choice: long enough for slow mail, short for a forgotten open mailbox.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public static NpgsqlBatchCommand Void(Guid[] accounts, DateTimeOffset now) =>
        Statement.Of("update security.password_reset set used_at = $2 where account_id = any($1) and used_at is null", accounts,
            now.UtcDateTime);
}

sealed class RequestPasswordResetHandler(NpgsqlDataSource database, ILimiter limiter, TimeProvider clock)
    : IRequestHandler<RequestPasswordReset, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(RequestPasswordReset command, CancellationToken ct)
    {
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return email.Refusal;
        if (await limiter.Enter(Doors.ForgottenPassword, command.Origin, email.Value.Value, ct) is { } closed) return closed;
        var now = clock.GetUtcNow();
        await using var batch = database.CreateBatch();
        var asked = new PasswordResetAsked(email.Value.Value, now, command.Origin.RequestId)
        {
            Asker = ResetLimits.Asker(email.Value, command.Origin.Address)
        };
        batch.BatchCommands.Add(Outbox.Insert([(DeterministicGuid.Of("password reset", email.Value), asked)], now));
        await batch.ExecuteNonQueryAsync(ct);
        return Done.It;
    }
}

/// <summary>The account behind a link that is still good: unused, in time, and for the address that the account still has.</summary>
sealed class PasswordResetLinks(NpgsqlDataSource database, IMediator mediator, TimeProvider clock)
{
    public async Task<Outcome<AccountView>> Find(string? token, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(token) || token.Length > 100) return new LinkVoid();
        var link = await database.Rows<(Guid Account, string Email)>(
            "select account_id, email from security.password_reset where token_hash = @hash and used_at is null and expires_at > @now",
            new { hash = RandomToken.HashOf(token), now = clock.GetUtcNow().UtcDateTime }, ct);
        if (link is not [var (id, email)]) return new LinkVoid();
        var account = await mediator.Send(new ReadAccount(new(id)), ct);
        return account.Granted && account.Value.Email == email ? account : new LinkVoid();
    }
}

sealed class PasswordResetHandlers(IMediator mediator, ILimiter limiter, PasswordResetLinks links, Gate gate, PolicyResolver policies,
    PasswordStore passwords, PasswordChoice choice)
    : IRequestHandler<ReadPasswordReset, Outcome<AccountId>>, IRequestHandler<FollowPasswordReset, Outcome<Done>>
{
    public async Task<Outcome<AccountId>> Handle(ReadPasswordReset query, CancellationToken ct)
    {
        var account = await links.Find(query.Token, ct);
        if (!account.Granted) return account.Refusal;
        if ((await policies.Of(account.Value, ct)).SingleSignOn) return new SignsInAtProvider();
        return (await gate.MayAct(account.Value.Id, ct)).Map(a => a.Id);
    }

    public async Task<Outcome<Done>> Handle(FollowPasswordReset command, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.ResetLink, command.Origin, command.Token, ct) is { } closed) return closed;
        var account = await links.Find(command.Token, ct);
        if (!account.Granted) return account.Refusal;
        var mayAct = await gate.MayAct(account.Value.Id, ct);
        // Forgotten before the address was verified: the mail that is missing goes out, and the link stays good for its hour.
        if (mayAct.Refusal is VerifyEmailFirst)
            await mediator.Send(new SendVerificationMail(account.Value.Id, null, command.Origin with { Actor = account.Value.Id.Value }),
                ct);
        if (!mayAct.Granted) return mayAct.Refusal;
        var present = await passwords.Of(account.Value.Id, ct);
        var chosen = new PasswordChosen(account.Value, present, command.Password, SecurityActions.PasswordSetByLink, command.Origin,
            TakeAlong.LinksAndTokens, Link: RandomToken.HashOf(command.Token!));
        return (await choice.Make(chosen, ct)).Map(_ => Done.It);
    }
}
