using DirectoryPlatform.Accounts.Internal.SignUp;

namespace DirectoryPlatform.Accounts.Internal.Profile;

/// <summary>Token, limits and mail in one transaction under the account's row lock,
/// so that no two requests pass the limits together.</summary>
sealed class RequestEmailChangeHandler(UnitOfWork work, ProductUrl address)
    : IRequestHandler<RequestEmailChange, Outcome<EmailAddress>>
{
    public Task<Outcome<EmailAddress>> Handle(RequestEmailChange command, CancellationToken ct) =>
        work.Run<EmailAddress>(command.Origin, async change =>
    {
        var now = change.Now;
        var parsed = EmailAddress.Parse(command.Email);
        if (await MailedLinks.Lock(change.Connection, command.Account) is not { Email: { } old } account) return new NotFound("account");
        if (account.State is AccountState.Deleted || command.Origin.Actor != account.Id.Value) return new NotFound("account");
        if (!parsed.Granted) return parsed.Refusal;
        var email = parsed.Value;
        if (account.ChangeEmail(null, command.Origin.Actor, old, email, null, now).Refusal is { } refusal) return refusal;
        if (await MailedLinks.TooMany(change, "email_change", account.Id) is { } tooMany) return tooMany;
        var (token, stop) = (RandomToken.New(), RandomToken.New());
        var taken = await change.Value<bool>($"""
            select exists (select from accounts.account where email = @Value)
              or exists (select from accounts.left_address l where l.email = @Value and l.account_id <> @id
                and {LeftAddresses.IsReserved("@now")})
            """, new { email.Value, id = account.Id.Value, now = now.UtcDateTime });
        var values = new
        {
            id = account.Id.Value,
            now = now.UtcDateTime,
            hash = RandomToken.HashOf(token),
            old = old.Value,
            email.Value,
            until = (now + MailedLinks.Life).UtcDateTime,
            taken,
            stop = RandomToken.HashOf(stop),
        };
        await change.Write("update accounts.email_change set used_at = @now where account_id = @id and (used_at is null or used_at > @now)",
            values);
        await change.Write("insert into accounts.email_change (token_hash, account_id, old_email, new_email, sent_at, expires_at, used_at, "
            + "stop_hash) values (@hash, @id, @old, @Value, @now, @until, case when @taken then @until end, @stop)", values);
        change.WriteAudit(null, account.Id.Value, AccountActions.EmailChangeMailSent);
        change.QueueMail(new(email.Value, taken ? new EmailInUseLetter(address.Link("/sign-in")) : new EmailConfirmationLetter(account.Name,
            address.Link($"/confirm-email?token={token}"))));
        change.QueueMail(new(old.Value, new EmailChangeAskedLetter(account.Name, email.Value, address.Link($"/keep-email?token={stop}"),
            address.Link("/forgot-password"))));
        return email;
    }, ct);
}

/// <summary>The turn decides who wins when a link is followed many times at once:
/// the first moves the account and voids every link in the same transaction.</summary>
sealed class FollowEmailChangeLinkHandler(NpgsqlDataSource database, IMediator mediator, TimeProvider clock)
    : IRequestHandler<FollowEmailChangeLink, Outcome<EmailAddress>>
{
    public async Task<Outcome<EmailAddress>> Handle(FollowEmailChangeLink command, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(command.Token) || command.Token.Length > 100) return new LinkVoid();
        // The turn needs a connection of its own, so none is held meanwhile: a crowd of followers would hold all there are.
        var found = await database.Rows<(Guid Id, Guid Account, string Old, string New)>("""
            select id, account_id, old_email, new_email from accounts.email_change where token_hash = @hash and used_at is null
              and expires_at > @now
            """, new { hash = RandomToken.HashOf(command.Token), now = clock.GetUtcNow().UtcDateTime }, ct);
        if (found is not [var (asked, id, old, moved)]) return new LinkVoid();
        var email = EmailAddress.Trusted(moved);
        var owner = await mediator.Send(new WhoOwnsDomain(email.Domain), ct);
        var outcome = await mediator.Send(new ChangeEmailAddress(new(id), null, EmailAddress.Trusted(old), email, owner?.Claimer,
            command.Origin with { Actor = id })
        { Asked = asked }, ct);
        return outcome.Granted ? email : outcome.Refusal is EmailUnchanged or EmailStale ? new LinkVoid() : outcome.Refusal;
    }
}
