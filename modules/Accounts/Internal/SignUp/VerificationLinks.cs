namespace DirectoryPlatform.Accounts.Internal.SignUp;

/// <summary>
/// The links' rows decide who wins when one is followed many times at once, or two of one account: the first uses all of them up, the
/// others find them used.
/// </summary>
sealed class VerificationLinks(NpgsqlDataSource database, UnitOfWork work, IMediator mediator, ProductUrl address, TimeProvider clock)
    : IRequestHandler<SendVerificationMail, Outcome<Done>>, IRequestHandler<ReadVerificationLink, Outcome<AccountView>>,
    IRequestHandler<FollowVerificationLink, Outcome<AccountId>>
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
        var link = await database.Rows<(Guid Account, string Email)>("""
            select account_id, email from accounts.email_verification where token_hash = @hash and used_at is null and expires_at > @now
            """, new { hash = RandomToken.HashOf(token), now = clock.GetUtcNow().UtcDateTime }, ct);
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

    public Task<Outcome<Done>> Handle(SendVerificationMail command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        var now = change.Now;
        if (await MailedLinks.Lock(change.Connection, command.Account) is not { } account) return new NotFound("account");
        if (account.RefusalToMailVerification(command.Organization, command.Origin.Actor) is { } refusal) return refusal;
        var email = account.Email!.Value;
        if (await MailedLinks.TooMany(change, "email_verification", account.Id) is { } tooMany) return tooMany;
        var token = RandomToken.New();
        await change.Write("insert into accounts.email_verification (token_hash, account_id, email, sent_at, expires_at) "
            + "values (@hash, @id, @Value, @now, @until)", new
            {
                hash = RandomToken.HashOf(token),
                id = account.Id.Value,
                email.Value,
                now = now.UtcDateTime,
                until = (now + MailedLinks.Life).UtcDateTime,
            });
        // Nothing happens in an organization's name before the address is verified (SPEC C4), unless its admin asks for it.
        change.WriteAudit(Organization(account, command), account.Id.Value, AccountActions.VerificationMailSent);
        change.QueueMail(new(email.Value, new EmailVerificationLetter(account.Name, address.Link($"/verify-email?token={token}"))));
        return Done.It;
    }, ct);

    static OrganizationId? Organization(Account account, SendVerificationMail command) => account.State is AccountState.Unverified
        ? command.Organization
        : account.ManagedBy;
}

sealed class TakeNewcomersPlaceHandler(NpgsqlDataSource database, TimeProvider clock) : IRequestHandler<TakeNewcomersPlace, bool>
{
    public async Task<bool> Handle(TakeNewcomersPlace command, CancellationToken ct)
    {
        var today = clock.GetUtcNow().UtcDateTime.Date;
        return await database.Write("""
            insert into accounts.newcomers_listed as n (organization_id, domain, day, listed)
            values (@organization, @Domain, @today::date, 1)
            on conflict (organization_id, domain, day) do update set listed = n.listed + 1 where n.listed < @most
            """, new { organization = command.Organization.Value, command.Domain, today, most = TakeNewcomersPlace.AtMost }, ct) == 1;
    }
}

/// <summary>What the links that an account is mailed have in common: those that verify its address, and those to another one.</summary>
static class MailedLinks
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>Locked, so that no two requests pass the limits together.</summary>
    public static async Task<Account?> Lock(NpgsqlConnection connection, AccountId id)
    {
        await using var command = new NpgsqlCommand(
            $"select {AccountStore.Columns}, {ProfileColumns.Selected} from accounts.account a "
                + "left join accounts.profile p on p.account_id = a.id where a.id = $1 for update of a", connection)
        {
            Parameters = { new() { Value = id.Value } },
        };
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? AccountStore.ReadWhole(row) : null;
    }

    /// <summary>One a minute and ten a day (SPEC A2).</summary>
    /// <param name="links">Their table: <c>email_verification</c> or <c>email_change</c>.</param>
    /// <returns>Null when one more may be sent.</returns>
    public static async Task<Refusal?> TooMany(Change change, string links, AccountId account)
    {
        var (minute, day) = (await change.Rows<(long, long)>($"""
            select count(*) filter (where sent_at > @minuteAgo), count(*) from accounts.{links} where account_id = @id and sent_at > @dayAgo
            """, new
        {
            id = account.Value,
            minuteAgo = change.Now.AddMinutes(-1).UtcDateTime,
            dayAgo = change.Now.AddDays(-1).UtcDateTime
        }))[0];
        return minute >= 1 ? new MailTooSoon() : day >= 10 ? new TooManyMails() : null;
    }
}
