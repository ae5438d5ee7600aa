namespace DirectoryPlatform.Sites.Internal.Invitations;

/// <summary>What becomes of an invitation that was sent.</summary>
sealed class InvitationHandlers(UnitOfWork work, IMediator mediator, ProductUrl address)
    : IRequestHandler<ResendInvitation, Outcome<Done>>, IRequestHandler<RevokeInvitation, Outcome<Done>>,
    IRequestHandler<ReadInvitation, Outcome<InvitationView>>, IRequestHandler<AcceptInvitation, Outcome<SiteId>>,
    IRequestHandler<TakeInvitation, Outcome<InvitationTurn>>, IRequestHandler<GiveInvitationBack, Outcome<Done>>
{
    const string Waiting = "accepted_at is null and revoked_at is null";
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public Task<Outcome<Done>> Handle(ResendInvitation command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (await change.OrganizationOf(command.Site) is not { } organization) return new NotFound("site");
        if (await change.Rows<(string Email, string? Note, DateTime? SentAt, string Site)>($"""
            select i.email, i.note, i.sent_at, s.name from sites.invitation i join sites.site s on s.id = i.site_id where i.id = @id
              and i.site_id = @site and {Waiting} for update of i
            """, new { id = command.Invitation.Value, site = command.Site.Value }) is not [var (email, note, sent, site)])
            return new NotFound("invitation");
        if (change.Now.UtcDateTime - sent < Pause) return new InvitationTooSoon();
        var (token, until) = (RandomToken.New(), change.Now + InviteUsers.Life);
        await change.Write("update sites.invitation set token_hash = @hash, sent_at = @now, expires_at = @until where id = @id",
            new
            {
                id = command.Invitation.Value,
                hash = RandomToken.HashOf(token),
                now = change.Now.UtcDateTime,
                until = until.UtcDateTime
            });
        var by = command.Origin.Actor is { } actor
            && await mediator.Send(new ReadAccount(new(actor)), ct) is { Granted: true, Value: var inviter } ? inviter.Name : null;
        change.WriteAudit(organization, command.Invitation.Value, SiteActions.InvitationResent,
            after: new { site = command.Site }, personal: new { email });
        change.QueueMail(new(email, new InvitationLetter(site, by, note, until.InLetters(), address.Link($"/invitation?token={token}")),
            organization.Value));
        return Done.It;
    }, ct);

    public Task<Outcome<Done>> Handle(RevokeInvitation command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (await change.OrganizationOf(command.Site) is not { } organization) return new NotFound("site");
        if (await change.Value<string>(
            $"update sites.invitation set revoked_at = @now where id = @id and site_id = @site and {Waiting} returning email",
            new { id = command.Invitation.Value, site = command.Site.Value, now = change.Now.UtcDateTime }) is not { } email)
            return new NotFound("invitation");
        await change.RelistInvitations(organization, command.Invitation.Value);
        change.WriteAudit(organization, command.Invitation.Value, SiteActions.InvitationRevoked, before: new { site = command.Site },
            personal: new { email });
        return Done.It;
    }, ct);

    public async Task<Outcome<InvitationView>> Handle(ReadInvitation query, CancellationToken ct)
    {
        if (query.Token is not { Length: > 0 and <= 100 }) return new InvitationVoid();
        var read = await work.Look<Outcome<InvitationView>>(new(null, "link"), async change =>
            await change.Rows<(Guid Id, string Site, string Organization, string Email, string? Note, DateTime Until, Guid? JoiningAs)>($"""
                select i.id, s.name, o.name, i.email, i.note, i.expires_at, i.joining_as from sites.invitation i
                  join sites.site s on s.id = i.site_id join sites.organization o on o.id = s.organization_id
                where i.token_hash = @hash and i.expires_at > @now and {Waiting}
                """, new { hash = RandomToken.HashOf(query.Token), now = change.Now.UtcDateTime })
                    is [var (id, site, organization, email, note, until, began)]
                ? new InvitationView(new(id), site, organization, email, note, until, null, null,
                    began is { } account ? new AccountId(account) : null)
                : await Why(change, query.Token, query.By), ct);
        if (!read.Granted) return read;
        var account = await mediator.Send(new FindAccount(EmailAddress.Trusted(read.Value.Email)), ct);
        return read.Value with { Account = account?.Id, State = account?.State };
    }

    /// <summary>That it was accepted is no word for ever, nor for whoever is signed in and not on that site.</summary>
    static async Task<Refusal> Why(Change change, string token, AccountId? by) => await change.Value<string>("""
        select s.name from sites.invitation i join sites.site s on s.id = i.site_id
        where i.token_hash = @hash and i.accepted_at is not null and i.expires_at > @now and (@by::uuid is null
          or exists (select from sites.site_member m where m.site_id = i.site_id and m.account_id = @by::uuid))
        """, new { hash = RandomToken.HashOf(token), now = change.Now.UtcDateTime, by = by?.Value }) is { } site
            ? new InvitationAccepted(site)
            : new InvitationVoid();

    public async Task<Outcome<SiteId>> Handle(AcceptInvitation command, CancellationToken ct)
    {
        if (command.Token is not { Length: > 0 and <= 100 }) return new InvitationVoid();
        var found = await mediator.Send(new ReadAccount(command.Account), ct);
        return await work.Run<SiteId>(command.Origin with { Actor = command.Account.Value }, async change =>
        {
            // The row's lock makes many followers of one link come one after another; the first uses it up.
            if (await change.Rows<(Guid Id, Guid Site, Guid Organization, string Email, string Roles, Guid[] Groups, Guid? By,
                Guid? Turn)>($"""
                select i.id, i.site_id, s.organization_id, i.email, i.roles::text, i.groups, i.invited_by, i.joining_turn
                  from sites.invitation i join sites.site s on s.id = i.site_id
                where i.token_hash = @hash and i.expires_at > @now and {Waiting} for update of i
                """, new { hash = RandomToken.HashOf(command.Token), now = change.Now.UtcDateTime }) is not [var invitation])
                return new InvitationVoid();
            if (command.Turn is { } own && invitation.Turn != own.Value) return new InvitationVoid();
            if (!found.Granted || found.Value.State is not AccountState.Active) return new InvitedCannotAct();
            if (found.Value.Email != invitation.Email) return new InvitationForAnother();
            await change.Write("update sites.invitation set accepted_at = @now, accepted_by = @account where id = @Id",
                new { invitation.Id, now = change.Now.UtcDateTime, account = command.Account.Value });
            var (organization, site) = (new OrganizationId(invitation.Organization), new SiteId(invitation.Site));
            await NewMembers.Add(change, organization, site, [found.Value], KernelJson.Read<Dictionary<string, AppRole>>(invitation.Roles),
                [.. invitation.Groups.Select(g => new GroupId(g))], invitation.By);
            await change.RelistInvitations(organization, invitation.Id);
            change.WriteAudit(organization, command.Account.Value, SiteActions.InvitationAccepted, after: new { site });
            return site;
        }, ct);
    }

    public Task<Outcome<InvitationTurn>> Handle(TakeInvitation command, CancellationToken ct) =>
        work.Run<InvitationTurn>(command.Origin, async change =>
    {
        // The row's lock makes many followers of one link come one after another.
        var hash = RandomToken.HashOf(command.Token ?? "");
        var now = change.Now.UtcDateTime;
        if (await change.Rows<(Guid Id, DateTime? Until)>("""
            select id, joining_until from sites.invitation where token_hash = @hash and expires_at > @now and accepted_at is null
              and revoked_at is null for update
            """, new { hash, now }) is not [var (id, until)]) return new InvitationVoid();
        if (until > now) return new InvitationInUse();
        var taken = new InvitationTurn(Guid.CreateVersion7(change.Now));
        await change.Write(
            "update sites.invitation set joining_as = @account, joining_turn = @taken, joining_until = @until where id = @id",
            new { id, account = command.Account.Value, taken = taken.Value, until = now + TakeInvitation.Life });
        await change.Run([command.Along], ct);
        change.Quiet("whoever joins by it has the entry");
        return taken;
    }, ct);

    public Task<Outcome<Done>> Handle(GiveInvitationBack command, CancellationToken ct) => work.Run<Done>(new(null, "link"), async change =>
    {
        await change.Write(
            "update sites.invitation set joining_turn = null, joining_until = null where token_hash = @hash and joining_turn = @turn",
            new { hash = RandomToken.HashOf(command.Token ?? ""), turn = command.Turn.Value });
        change.Quiet("as if it had never been taken");
        return Done.It;
    }, ct);
}
