namespace DirectoryPlatform.Sites.Internal.Bulk;

/// <summary>Fixes who is meant, from wherever the list comes.</summary>
sealed class UserDraftsHandler(BulkDrafts drafts, UnitOfWork work, IMediator mediator, NpgsqlDataSource database)
    : IRequestHandler<DraftChange, Outcome<BulkDraftId>>, IRequestHandler<DraftChangeByList, Outcome<BulkDraftId>>,
    IRequestHandler<DraftInvitees, Outcome<BulkDraftId>>, IRequestHandler<CountInvitees, Outcome<InviteeCount>>,
    IRequestHandler<DraftInvitations, Outcome<BulkDraftId>>
{
    /// <summary>Accounts that are looked up at once.</summary>
    const int Page = 10_000;

    public async Task<Outcome<BulkDraftId>> Handle(DraftChange command, CancellationToken ct)
    {
        if (command.Accounts.Count == 0) return new NobodyChosen();
        var asked = command.Accounts.Select(a => a.Value).Distinct().ToArray();
        // Who is on none of the sites is left out here already: names of others are nobody's business.
        var there = await There(command.Organization, command.Site, asked, ct);
        var draft = Draft(command.Organization, command.Site, UserActions.Of(command.Change), command.Origin);
        return await Insert(draft with { LeftOut = asked.Length - there.Count }, [], [.. there.Select(id => new BulkItem(id))], ct);
    }

    public async Task<Outcome<BulkDraftId>> Handle(DraftChangeByList command, CancellationToken ct)
    {
        if (command.List.IsEmpty) return new NobodyChosen();
        var list = await mediator.Send(new ReadAddressList(command.List), ct);
        if (!list.Granted) return list.Refusal;
        var accounts = (await mediator.Send(new FindAccounts([.. list.Value.Emails.Keys]), ct)).ToDictionary(a => a.Email, a => a.Id.Value);
        var there = (await There(command.Organization, command.Site, [.. accounts.Values], ct)).ToHashSet();
        var bad = list.Value.Emails.Where(e => !accounts.TryGetValue(e.Key.Value, out var id) || !there.Contains(id))
            .Select(e => e.Value.Refuse(new NoUserHere().Sentence));
        return await Insert(Draft(command.Organization, command.Site, UserActions.Of(command.Change), command.Origin),
            [.. list.Value.BadLines, .. bad], [.. there.Order().Select(id => new BulkItem(id))], ct);
    }

    async Task<List<Guid>> There(OrganizationId organization, SiteId? site, Guid[] asked, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Guid>("""
            select distinct m.account_id from sites.site_member m join sites.site s on s.id = m.site_id
            where m.account_id = any(@asked) and s.organization_id = @organization and (@site::uuid is null or s.id = @site)
            """, new { asked, organization = organization.Value, site = site?.Value }, commandTimeout: 120)).AsList();
    }

    public async Task<Outcome<BulkDraftId>> Handle(DraftInvitees command, CancellationToken ct)
    {
        var managed = await mediator.Send(new WhichAreManaged(command.Organization, command.Accounts), ct);
        if (managed.Count == 0) return new NobodyChosen();
        var draft = Draft(command.Organization, null, UserActions.Invite, command.Origin);
        return await Insert(draft with { LeftOut = command.Accounts.Distinct().Count() - managed.Count }, [],
            [.. managed.Select(id => new BulkItem(id.Value))], ct);
    }

    public async Task<Outcome<InviteeCount>> Handle(CountInvitees query, CancellationToken ct) =>
        await Invitees(query.Organization, query.Draft, ct) is { } list
            ? new InviteeCount(await drafts.Count(list.DraftId, ct))
            : new NotFound("list of people");

    async Task<BulkDraft?> Invitees(OrganizationId organization, BulkDraftId draft, CancellationToken ct) =>
        await drafts.Of(organization, null, draft, ct) is { Action: UserActions.Invite } list ? list : null;

    public async Task<Outcome<BulkDraftId>> Handle(DraftInvitations command, CancellationToken ct)
    {
        var offer = InvitationOffer.Read(command.Site, command.Roles, command.Groups, command.Note);
        if (!offer.Granted) return offer.Refusal;
        if (await work.Look(command.Origin, change => change.OrganizationOf(command.Site), ct) is not { } organization)
            return new NotFound("site");
        if (await work.Look(command.Origin, change => GroupProvisioning.OwnedAmong(change, organization, offer.Value.Groups),
            ct) is { } owned)
            return owned;
        var (emails, bad) = (new Dictionary<string, int?>(), (IReadOnlyList<BadLine>)[]);
        if (!command.List.IsEmpty)
        {
            var read = await mediator.Send(new ReadAddressList(command.List, int.MaxValue), ct);
            if (!read.Granted) return read.Refusal;
            bad = read.Value.BadLines;
            foreach (var (email, at) in read.Value.Emails) emails.TryAdd(email.Value, at.Line);
        }
        if (emails.Count + bad.Count > InviteUsers.MostTyped) return new TooManyAddresses(InviteUsers.MostTyped);
        if (command.Invitees is { } list && await AddInvitees(organization, list, emails, ct) is { } refusal) return refusal;
        if (emails.Count + bad.Count == 0) return new NoAddresses();
        var items = emails.Select(e => new BulkItem(Guid.CreateVersion7(), e.Key, e.Value)).ToList();
        var draft = Draft(organization, command.Site, UserActions.Invite, command.Origin) with
        {
            Options = KernelJson.Write(new InviteOptions(offer.Value.Roles, offer.Value.Groups, offer.Value.Note)),
        };
        return await Insert(draft, bad, [.. items.Select(i => i.Item).Order().Zip(items, (id, item) => item with { Item = id })], ct);
    }

    /// <summary>The addresses that the people have now.</summary>
    async Task<Refusal?> AddInvitees(OrganizationId organization, BulkDraftId list, Dictionary<string, int?> emails, CancellationToken ct)
    {
        if (await Invitees(organization, list, ct) is null) return new DraftVoid();
        for (IReadOnlyList<BulkItem> page = [];
            (page = await drafts.Items(list, page.Count == 0 ? null : page[^1].Item, Page, ct)).Count > 0;)
            foreach (var account in await mediator.Send(new ReadAccounts([.. page.Select(i => new AccountId(i.Item))]), ct))
                if (account.ManagedBy == organization && account.State is not AccountState.Deleted) emails.TryAdd(account.Email, null);
        return null;
    }

    async Task<Outcome<BulkDraftId>> Insert(BulkDraft draft, IReadOnlyList<BadLine> bad, IReadOnlyList<BulkItem> items,
        CancellationToken ct) =>
        await drafts.Insert(draft, bad, items, ct, keep: true);

    static BulkDraft Draft(OrganizationId organization, SiteId? site, string action, Origin origin) =>
        new() { OrganizationId = organization.Value, SiteId = site?.Value, Action = action, MadeBy = origin.Actor };
}
