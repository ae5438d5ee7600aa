namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>
/// Tells both addresses (SPEC M4), the old one with a link that takes it back where the person asked for the change (A15), and the other
/// admins where it is an admin's (S13). Whom an organization has lost with an address that was taken back is told of as unclaimed. Who
/// owns the new domain was asked before the turn: when it was lost between the two, the unclaiming that follows the loss may have passed
/// already, and the account is given back here (C4, D12).
/// </summary>
sealed class WhenEmailAddressChanged(AccountReading accounts, UnitOfWork work, IMediator mediator, MailQueue post,
    ProductUrl address) : INotificationHandler<EmailAddressChanged>
{
    public async Task Handle(EmailAddressChanged fact, CancellationToken ct)
    {
        if (await accounts.Of("id", fact.Account.Value, ct) is not { State: not AccountState.Deleted } account) return;
        await QueueMails(fact, account, ct);
        if (fact.UnclaimedFrom is { } left) await PublishUnclaimed(fact, left, ct);
        if ((fact.By ?? fact.ClaimedBy) is not { } manager || account.ManagedBy != manager || account.Email?.Value != fact.Email) return;
        if ((await mediator.Send(new WhoOwnsDomain(account.Email.Value.Domain), ct))?.Organization != manager)
            await mediator.Send(new UnclaimAccount(fact.Account, manager, Exclude: false, Origin.Schedule), ct);
    }

    /// <summary>A turn has one entry and one fact, and this is the unclaiming's. Heard twice, it is there.</summary>
    Task PublishUnclaimed(EmailAddressChanged fact, OrganizationId left, CancellationToken ct) => work.Run<Done>(Origin.Schedule,
        async change =>
        {
            var unclaimed = new { id = fact.Account.Value, left = left.Value, action = nameof(AccountUnclaimed), at = fact.At.UtcDateTime };
            if (await change.Value<bool>("select exists (select from kernel.audit_entry where subject_id = @id and organization_id = @left "
                + "and action = @action and at >= @at)", unclaimed)) return change.Unchanged();
            change.WriteAudit(left, unclaimed.id, unclaimed.action);
            change.Publish(unclaimed.id, new AccountUnclaimed(fact.Account, fact.At, left, Excluded: true));
            return Done.It;
        }, ct);

    Task QueueMails(EmailAddressChanged fact, Account account, CancellationToken ct) => fact switch
    {
        { TakenBack: not null } => post.Send(
        [
            new(fact.Email, new EmailTakenBackLetter(account.Name, fact.Before, address.Link("/forgot-password")),
                Id: Id(fact, "taken back")),
            new(fact.Before, new EmailGivenUpLetter(account.Name), Id: Id(fact, "given up")),
        ], ct),
        { By: null } => OfferWayBack(fact, account, ct),
        { By: { } organization } => TellOfAdmin(fact, account, organization, ct),
    };

    /// <summary>The link is made here and not in the turn: of its secret only the hash is kept anywhere but in the mail. Heard twice, the
    /// second finds it made.</summary>
    async Task OfferWayBack(EmailAddressChanged fact, Account account, CancellationToken ct)
    {
        await post.Send(
            [new(fact.Email, new EmailGivenLetter(account.Name, fact.Before, false, address.Link("/sign-in")), null, Id(fact, "new"))], ct);
        await work.Run(Origin.Schedule, async change =>
        {
            change.Quiet("the change of the address has its entry; this is the link in its mail");
            var token = RandomToken.New();
            var made = await change.Write(
                $"update accounts.left_address l set token_hash = @hash where l.id = @id and l.token_hash is null "
                + $"and {LeftAddresses.IsReserved("@now")}",
                new { hash = RandomToken.HashOf(token), id = LeftAddresses.IdOf(fact), now = change.Now.UtcDateTime });
            if (made == 1)
                change.QueueMail(new(fact.Before, new EmailLeftLetter(account.Name, fact.Email,
                    (fact.At + LeftAddresses.Reserved).InLetters(), address.Link($"/take-email-back?token={token}")), null,
                    Id(fact, "old")));
        }, ct);
    }

    async Task TellOfAdmin(EmailAddressChanged fact, Account account, OrganizationId organization, CancellationToken ct)
    {
        var mails = new List<OutgoingMail>
        {
            new(fact.Before, new EmailChangedLetter(account.Name, true), organization.Value, Id(fact, "old")),
            new(fact.Email, new EmailGivenLetter(account.Name, fact.Before, true, address.Link("/sign-in")), organization.Value,
                Id(fact, "new")),
        };
        var by = account.AdminOf.Count > 0 && fact.Actor is { } actor && await accounts.Of("id", actor.Value, ct) is { } asker
            ? asker.Name
            : "An admin";
        foreach (var administered in account.AdminOf)
            foreach (var (id, name, email, _) in await accounts.AddressesOf(
                await mediator.Send(new WhoAdministers(administered), ct), ct))
                if (id != account.Id.Value)
                    mails.Add(new(email,
                        new AdminEmailChangedLetter(name, account.Name, by, fact.Before, fact.Email,
                            address.Link($"/o/{organization}/members/{account.Id}")), administered.Value,
                        DeterministicGuid.Of(fact.Account, fact.At, "email changed", administered, id)));
        await post.Send(mails, ct);
    }

    static Guid Id(EmailAddressChanged fact, string to) => DeterministicGuid.Of(fact.Account, fact.At, "email changed", to);
}
