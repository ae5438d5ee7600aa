using DirectoryPlatform.Sites.Internal.Membership;

namespace DirectoryPlatform.Sites.Internal.Bulk;

/// <summary>
/// Suspends, restores or removes a list of people with the change's own code (SPEC U4, U5). Rows, audit entries and the cursor behind them
/// are one transaction, so that a killed process leaves nobody out and does nobody twice.
/// </summary>
sealed class ChangeUsers(MembershipChange change, UnitOfWork work, BulkDrafts drafts, NpgsqlDataSource database,
    BackgroundSettings settings, IMediator mediator) : SiteAction(work, drafts, database, settings, mediator)
{
    const int NamedGroups = 20;

    public override string Name => UserActions.Of(change);
    public override string JobKind => UserJobs.Changes;

    /// <summary>Of one to whom it is done.</summary>
    string Code => MembershipWords.Of(change).Done;

    public override BulkUndo? Undo => change switch
    {
        MembershipChange.Suspend => new(Code, UserActions.Restore),
        MembershipChange.Restore => new(Code, UserActions.Suspend),
        MembershipChange.Remove => null,
    };

    public override BulkWords Words { get; } = WordsOf(change, allSites: false);

    public override BulkWords WordsFor(BulkDraft draft) => WordsOf(change, draft.SiteId is null);

    static BulkWords WordsOf(MembershipChange kind, bool allSites)
    {
        var words = MembershipWords.Of(kind, allSites);
        return words with
        {
            Items = ("user", "users"),
            Towards = kind is MembershipChange.Remove ? "from" : "on",
            Consequences = [.. words.Consequences, kind is MembershipChange.Remove
                ? "This cannot be undone from the job’s page." : "You can undo this from the job’s page."],
        };
    }

    /// <summary>The change itself decides under the locks of the rows.</summary>
    protected override bool DecidesWhenDoing => true;

    protected override async Task<IReadOnlyList<Outcome<string>>> Decide(BulkRun run, IReadOnlyList<BulkItem> items,
        NpgsqlConnection connection, CancellationToken ct)
    {
        // What somebody decided anew since is looked for in the way back from a suspension alone.
        var undoes = change is MembershipChange.Restore ? run.Draft.Undoes : null;
        var rows = (await connection.QueryAsync<(Guid Item, bool Active, bool Suspended, bool Since)>($"""
            select i.item, coalesce(bool_or(m.status = 1), false), coalesce(bool_or(m.status = 3 and not l.since), false),
              coalesce(bool_or(m.status = 3 and l.since), false)
            from kernel.bulk_item i left join (sites.site_member m join sites.site s on s.id = m.site_id
              and s.organization_id = @organization and (@site::uuid is null or s.id = @site))
              on m.account_id = i.item and (i.only_in is null or m.site_id = any(i.only_in))
            cross join lateral (select @undoes::uuid is not null and {ChangeMembershipHandler.SuspendedAnew} as since) l
            where i.draft_id = @draft and i.item = any(@items) group by i.item
            """, new
        {
            draft = run.Draft.Id,
            items = items.Select(i => i.Item).ToArray(),
            organization = run.Draft.OrganizationId,
            site = run.Draft.SiteId,
            undoes
        }, commandTimeout: 120)).ToDictionary(r => r.Item, r => (r.Active, r.Suspended, r.Since));
        return [.. items.Select(i =>
        {
            var (active, suspended, since) = rows.GetValueOrDefault(i.Item);
            List<UserStatus> statuses = [];
            if (active) statuses.Add(UserStatus.Active);
            if (suspended) statuses.Add(UserStatus.Suspended);
            return since && !suspended ? new SuspendedSince()
                : ChangeMembershipHandler.Of([.. statuses.Select(s => new SiteMember(default, new(i.Item), s))
                    .Select(m => (m, m.Refused(change, run.Actor)))]).Map(_ => Code);
        })];
    }

    protected override async Task<BulkDone> Do(BulkRun run, IReadOnlyList<BulkItem> items, IReadOnlyList<Outcome<string>> decided,
        NpgsqlConnection connection, CancellationToken ct)
    {
        var unit = ChangeOf(run, connection);
        if (run.Draft.Site is { } site && await unit.OrganizationOf(site) is null) return new([], [], SiteIsGone);
        var only = items.Where(i => i.Only is not null).ToDictionary(i => i.Item, i => i.Only!);
        var (outcomes, changed) = await ChangeMembershipHandler.Carry(
            unit, new(run.Draft.By, run.Draft.Site, [.. items.Select(i => new AccountId(i.Item))], change, unit.Origin),
            run.Draft.Undoes is null ? null : only, run.Draft.Undoes);
        await BulkDrafts.WriteDone(connection, run.Draft.DraftId, changed.Select(m => (m.Account.Value, m.Site.Value)));
        await unit.Save(ct);
        return new([.. outcomes.Select(o => o.Map(_ => Code))], []);
    }

    public override string[] Heads => ["Name", "Email", "Account id"];

    public override async Task<IReadOnlyList<string[]>> Describe(IReadOnlyList<BulkItem> items, CancellationToken ct)
    {
        var known = (await Mediator.Send(new ReadAccounts([.. items.Select(i => new AccountId(i.Item))]), ct)).ToDictionary(a =>
            a.Id.Value);
        return [.. items.Select(i => known.TryGetValue(i.Item, out var account)
            ? (string[])[account.Name, account.Email, $"{i.Item}"] : ["", "", $"{i.Item}"])];
    }

    protected override BulkSample Sample(BulkItem item, string[] described) =>
        base.Sample(item, described) with { Email = described[1] is { Length: > 0 } email ? email : null };

    /// <summary>What a removal takes along.</summary>
    protected override async Task<IReadOnlyList<BulkDetail>> Details(BulkRun run, CancellationToken ct)
    {
        if (change is not MembershipChange.Remove) return [];
        var values = new
        {
            draft = run.Draft.Id,
            organization = run.Draft.OrganizationId,
            site = run.Draft.SiteId,
            viewer = run.Actor,
            NamedGroups
        };
        return await Work.Look<IReadOnlyList<BulkDetail>>(new(run.Actor, "preview"), async unit =>
        {
            // On all sites every group goes; on one those that open something there, and with the last site of a person all.
            var groups = await unit.Rows<string>("""
                select distinct g.name from kernel.bulk_item i join sites.group_member gm on gm.account_id = i.item
                  join sites.grp g on g.id = gm.group_id and g.organization_id = @organization and g.provided_by is null
                where i.draft_id = @draft and i.item <> @viewer and (@site::uuid is null or exists (select from sites.group_app_grant x
                  where x.group_id = g.id and x.site_id = @site)
                  or not exists (select from sites.site_member m join sites.site s on s.id = m.site_id where m.account_id = i.item
                    and s.organization_id = @organization and s.id <> @site))
                order by g.name limit @NamedGroups
                """, values);
            var roles = await unit.Value<long>("""
                select count(*) from kernel.bulk_item i join sites.app_grant g on g.account_id = i.item join sites.site s
                  on s.id = g.site_id and s.organization_id = @organization
                where i.draft_id = @draft and i.item <> @viewer and (@site::uuid is null or s.id = @site)
                """, values);
            List<BulkDetail> details = [];
            if (groups.Count > 0) details.Add(new("Groups to leave", string.Join(", ", groups)));
            if (roles > 0) details.Add(new("Direct roles to remove", roles.ToString("N0", CultureInfo.InvariantCulture)));
            return details;
        }, ct);
    }
}
