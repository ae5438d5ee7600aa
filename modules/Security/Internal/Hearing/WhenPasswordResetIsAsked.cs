namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>
/// Looks whether there is an account, and mails its link, or why none is of use, within <see cref="ResetLimits"/>: a link that was sent
/// before stays good. Runs after the answer was given, so that its time tells nothing.
/// </summary>
sealed class WhenPasswordResetIsAsked(UnitOfWork work, IMediator mediator, PolicyResolver policies, ProductUrl address, MailQueue post,
    TimeProvider clock) : INotificationHandler<PasswordResetAsked>
{
    public async Task Handle(PasswordResetAsked fact, CancellationToken ct)
    {
        // Heard so late that nobody waits for it any more.
        if (clock.GetUtcNow() - fact.At > PasswordResets.Life) return;
        if (await mediator.Send(new FindAccount(EmailAddress.Trusted(fact.Email)), ct) is not { State: not AccountState.Deleted } account)
            return;
        // Forgotten before the address was verified: the link of the verification mail sets the password (SPEC A13).
        if (account.State is AccountState.Unverified)
        {
            await mediator.Send(new SendVerificationMail(account.Id, null, new Origin(account.Id.Value, "web", null, fact.RequestId)), ct);
            return;
        }
        if ((await policies.Of(account, ct)).SingleSignOn)
        {
            await post.Send(
                [new(account.Email, new SignInAtProviderLetter(account.Name, address.Link("/sign-in")), account.ManagedBy?.Value,
                DeterministicGuid.Of(account.Id, "forgot a password that is not in use",
                    fact.At.ToString("yyyy-MM-dd HH", CultureInfo.InvariantCulture)))], ct);
            return;
        }
        // The actor is unknown: anybody may type an address.
        await work.Run<Done>(new Origin(null, "web", null, fact.RequestId), async change =>
        {
            var (id, now, token) = (account.Id.Value, change.Now, RandomToken.New());
            // The limits are read and written by one at a time: a fact may be heard twice, and two nodes may change turns.
            await change.Lock($"password reset {id}");
            if (!await ResetLimits.MaySend(change.Connection, id, EmailAddress.Trusted(account.Email), fact.Asker, now))
                return new TooManyMails();
            change.Queue(Statement.Of("insert into security.password_reset (token_hash, account_id, email, sent_at, expires_at, asker) "
                + "values ($1, $2, $3, $4, $5, $6)",
                RandomToken.HashOf(token), id, account.Email, now.UtcDateTime, (now + PasswordResets.Life).UtcDateTime, fact.Asker));
            change.Queue(ResetLimits.PassOver(id, fact.Asker, now));
            change.WriteAudit(account.ManagedBy, id, SecurityActions.PasswordResetMailSent);
            change.QueueMail(new(account.Email, new PasswordResetLetter(account.Name, address.Link($"/reset-password?token={token}")),
                account.ManagedBy?.Value));
            return Done.It;
        }, ct);
    }
}
