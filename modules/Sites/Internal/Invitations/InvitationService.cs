namespace DirectoryPlatform.Sites.Internal.Invitations;

/// <summary>Invites addresses within a change: what a form, a job's chunk and its preview have in common. Everything is written with one
/// statement for all.</summary>
sealed class InvitationService(IMediator mediator, ProductUrl address)
{
    /// <summary>What other rooms know, asked before the change.</summary>
    /// <param name="By">Who invites, by name; null when the platform does.</param>
    public sealed record Guests(IReadOnlyList<string> Emails, IReadOnlyDictionary<string, AccountView> Accounts, string? By);

    public async Task<Guests> Know(IReadOnlyList<EmailAddress> emails, Origin origin, CancellationToken ct)
    {
        var accounts = (await mediator.Send(new FindAccounts([.. emails]), ct)).ToDictionary(a => a.Email);
        var by = origin.Actor is { } actor && await mediator.Send(new ReadAccount(new(actor)), ct) is { Granted: true, Value: var inviter }
            ? inviter.Name
            : null;
        return new([.. emails.Select(e => e.Value)], accounts, by);
    }

    /// <summary>What would be done, by address.</summary>
    public static async Task<IReadOnlyDictionary<string, Outcome<InvitedHow>>> Decide(Change change, SiteId site,
        OrganizationId organization, Guests guests)
    {
        var there = await Present(change, site, organization, [.. guests.Emails], [.. guests.Accounts.Values.Select(a => a.Id.Value)]);
        return guests.Emails.ToDictionary(e => e, e => Decide(guests.Accounts.GetValueOrDefault(e), e, organization, there));
    }

    public async Task<IReadOnlyDictionary<string, Outcome<InvitedHow>>> Do(Change change, InvitationOffer offer,
        OrganizationId organization, Guests guests)
    {
        var outcomes = await Decide(change, offer.Site, organization, guests);
        var atOnce = guests.Emails.Where(e => outcomes[e] is { Granted: true, Value: InvitedHow.InAtOnce }).Select(e => guests.Accounts[e])
            .ToList();
        var site = (await change.Value<string>("select name from sites.site where id = @site", new { site = offer.Site.Value }))!;
        await NewMembers.Add(change, organization, offer.Site, atOnce, offer.Roles, offer.Groups, change.Origin.Actor);
        // An invitation from before the account was active has done its work.
        var done = await change.Rows<Guid>("""
            update sites.invitation set revoked_at = @now
            where site_id = @site and email = any(@emails) and accepted_at is null and revoked_at is null returning id
            """,
            new { site = offer.Site.Value, emails = atOnce.Select(a => a.Email).ToArray(), now = change.Now.UtcDateTime });
        await change.RelistInvitations(organization, [.. done]);
        foreach (var person in atOnce)
        {
            change.WriteAudit(organization, person.Id.Value, SiteActions.UserAdded,
                after: new { site = offer.Site, roles = offer.Roles, notification = offer.Notification });
            if (offer.Silent) continue;
            change.QueueMail(new(person.Email,
                new AddedToSiteLetter(person.Name, site, guests.By, offer.Note, address.Link("/account/sites")),
                organization.Value));
        }
        await SendLinks(change, offer, organization, site, guests.By,
            [.. guests.Emails.Where(e => outcomes[e] is { Granted: true, Value: InvitedHow.MailSent })]);
        return outcomes;
    }

    /// <summary>In the order in which an admin would check. A foreign account that cannot act is answered as an address without an account:
    /// its state is nobody's business here.</summary>
    static Outcome<InvitedHow> Decide(AccountView? account, string email, OrganizationId organization, Already there) => account switch
    {
        _ when account is not null && there.Members.TryGetValue(account.Id.Value, out var status) =>
            status is UserStatus.Suspended ? new SuspendedOnSite() : new AlreadyUserHere(),
        { State: AccountState.Active } => InvitedHow.InAtOnce,
        { State: AccountState.Deactivated } when account.ManagedBy == organization => new DeactivatedHere(),
        { State: AccountState.PendingDeletion } when account.ManagedBy == organization => new BeingDeletedHere(),
        _ when there.Invited.Contains(email) => new InvitedAlready(),
        _ => InvitedHow.MailSent,
    };

    sealed record Already(IReadOnlyDictionary<Guid, UserStatus> Members, IReadOnlySet<string> Invited);

    static async Task<Already> Present(Change change, SiteId site, OrganizationId organization, string[] emails, Guid[] accounts)
    {
        // Two admins who invite the same address wait for one another. An invitation that has run out makes room for the next.
        await change.Lock($"invite:{site}");
        var expired = await change.Rows<Guid>("""
            update sites.invitation set revoked_at = @now where site_id = @site and email = any(@emails) and accepted_at is null
              and revoked_at is null and expires_at <= @now returning id
            """, new { site = site.Value, emails, now = change.Now.UtcDateTime });
        if (expired.Count > 0) await change.RelistInvitations(organization, [.. expired]);
        var members = await change.Rows<(Guid Id, short Status)>(
            "select account_id, status from sites.site_member where site_id = @site and account_id = any(@accounts)",
            new { site = site.Value, accounts });
        var invited = await change.Rows<string>("""
            select email from sites.invitation
            where site_id = @site and email = any(@emails) and accepted_at is null and revoked_at is null
            """, new { site = site.Value, emails });
        return new(members.ToDictionary(m => m.Id, m => (UserStatus)m.Status), invited.ToHashSet());
    }

    async Task SendLinks(Change change, InvitationOffer offer, OrganizationId organization, string site, string? by,
        IReadOnlyList<string> emails)
    {
        if (emails.Count == 0) return;
        var links = emails.Select(e => (Id: Guid.CreateVersion7(change.Now), Email: e, Token: RandomToken.New())).ToList();
        var until = change.Now + InviteUsers.Life;
        await change.Write("""
            insert into sites.invitation (id, site_id, email, token_hash, note, roles, groups, invited_by, invited_at, sent_at, expires_at)
            select id, @site, email, hash, @note, @roles::jsonb, @groups, @by, @now, case when not @silent then @now end, @until
              from unnest(@ids, @emails, @hashes) as i(id, email, hash)
            """, new
        {
            site = offer.Site.Value,
            note = offer.Note,
            roles = KernelJson.Write(offer.Roles),
            groups = offer.Groups.Select(g => g.Value).ToArray(),
            by = change.Origin.Actor,
            now = change.Now.UtcDateTime,
            silent = offer.Silent,
            until = until.UtcDateTime,
            ids = links.Select(l => l.Id).ToArray(),
            emails = emails.ToArray(),
            hashes = links.Select(l => RandomToken.HashOf(l.Token)).ToArray(),
        });
        await change.RelistInvitations(organization, [.. links.Select(l => l.Id)]);
        foreach (var (id, email, token) in links)
        {
            change.WriteAudit(organization, id, SiteActions.UserInvited,
                after: new { site = offer.Site, roles = offer.Roles, notification = offer.Notification }, personal: new { email });
            if (offer.Silent) continue;
            change.QueueMail(new(email,
                new InvitationLetter(site, by, offer.Note, until.InLetters(), address.Link($"/invitation?token={token}")),
                organization.Value));
        }
    }
}

/// <summary>To what people are invited: the same for all addresses of one invitation.</summary>
/// <param name="Note">Null for none.</param>
sealed record InvitationOffer(SiteId Site, IReadOnlyDictionary<string, AppRole> Roles, IReadOnlyList<GroupId> Groups, string? Note)
{
    public static Outcome<InvitationOffer> Read(SiteId site, IReadOnlyDictionary<string, AppRole> roles, IReadOnlyList<GroupId> groups,
        string? note)
    {
        var text = note?.ReplaceLineEndings("\n").Trim() is { Length: > 0 } written ? written : null;
        if (text?.Length > InviteUsers.MaxNote || (text is not null && !PlainText.AreReadable(text)))
            return new InvalidValue("note", $"Enter at most {InviteUsers.MaxNote} characters of plain text, without control characters "
                + "or marks that change the text direction.");
        if (roles.Values.Any(r => !Enum.IsDefined(r))) return new InvalidValue("roles", "Choose a role.");
        return new InvitationOffer(site, roles, groups, text);
    }

    /// <summary>As in <see cref="InviteUsers.Silent"/>.</summary>
    public bool Silent { get; init; }

    /// <summary>In audit entries; left out where a mail is sent.</summary>
    public string? Notification => Silent ? "none" : null;
}

sealed class InviteUsersHandler(UnitOfWork work, InvitationService inviting) : IRequestHandler<InviteUsers, Outcome<Invited>>
{
    public async Task<Outcome<Invited>> Handle(InviteUsers command, CancellationToken ct)
    {
        if (command.Addresses.Count == 0) return new NoAddresses();
        if (command.Addresses.Count > InviteUsers.MostTyped) return new TooManyAddresses(InviteUsers.MostTyped);
        var offer = InvitationOffer.Read(command.Site, command.Roles, command.Groups, command.Note);
        if (!offer.Granted) return offer.Refusal;
        var typed = command.Addresses.Select(a => (Text: a, Email: EmailAddress.Parse(a)))
            .DistinctBy(a => a.Email.Granted ? a.Email.Value.Value : a.Text).ToList();
        var guests = await inviting.Know([.. typed.Where(t => t.Email.Granted).Select(t => t.Email.Value)], command.Origin, ct);
        return await work.Run<Invited>(command.Origin, async change =>
        {
            if (await change.OrganizationOf(command.Site) is not { } organization) return new NotFound("site");
            if (await GroupProvisioning.OwnedAmong(change, organization, offer.Value.Groups) is { } owned) return owned;
            var outcomes = await inviting.Do(change, offer.Value with { Silent = command.Silent }, organization, guests);
            if (!outcomes.Values.Any(o => o.Granted)) change.Quiet("nobody was invited");
            return new Invited(
                [.. typed.Select(t => t.Email.Granted
                    ? new InvitedAddress(t.Email.Value.Value, outcomes[t.Email.Value.Value])
                    : new InvitedAddress(t.Text, t.Email.Refusal))]);
        }, ct);
    }
}
