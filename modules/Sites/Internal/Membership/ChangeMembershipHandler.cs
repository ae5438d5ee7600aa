namespace DirectoryPlatform.Sites.Internal.Membership;

/// <summary>Rows locked in order, each decided by itself, all written at once: one statement for ten thousand people as for one.</summary>
sealed class ChangeMembershipHandler(UnitOfWork work)
    : IRequestHandler<ChangeMembership, IReadOnlyList<Outcome<Done>>>, IRequestHandler<PreviewMembership, MembershipPreview>
{
    const int NamedGroups = 20;

    public async Task<IReadOnlyList<Outcome<Done>>> Handle(ChangeMembership command, CancellationToken ct)
    {
        IReadOnlyList<Outcome<Done>> outcomes = [];
        await work.Run(command.Origin, async change =>
        {
            (outcomes, var changed) = await Carry(change, command, null);
            if (changed.Count == 0) change.Unchanged();
        }, ct);
        return outcomes;
    }

    /// <summary>Decides and writes within a change: one by itself, or a job's chunk.</summary>
    /// <param name="only">Sites to look at, by person; null for all that the command means.</param>
    /// <param name="undoes">The job that is undone; null for none.</param>
    /// <returns>One outcome a person, in the order given, and what has changed.</returns>
    public static async Task<(IReadOnlyList<Outcome<Done>> Outcomes, IReadOnlyList<SiteMember> Changed)> Carry(Change change,
        ChangeMembership command, IReadOnlyDictionary<Guid, Guid[]>? only, Guid? undoes = null)
    {
        var decided = (await Decide(change, command, command.Origin.Actor))
            .Where(d => only is null || (only.TryGetValue(d.Member.Account.Value, out var sites) && sites.Contains(d.Member.Site.Value)))
            .ToList();
        if (undoes is { } job && command.Change is MembershipChange.Restore) decided = await LeaveSuspended(change, decided, job);
        var byPerson = decided.ToLookup(d => d.Member.Account);
        var outcomes = command.Accounts.Select(a => Of([.. byPerson[a]])).ToList();
        var changed = decided.Where(d => d.Refusal is null).Select(d => d.Member).ToList();
        if (changed.Count == 0) return (outcomes, changed);
        var rows = new
        {
            sites = changed.Select(m => m.Site.Value).ToArray(),
            people = changed.Select(m => m.Account.Value).ToArray(),
            organization = command.Organization.Value
        };
        var status = command.Change is MembershipChange.Suspend ? UserStatus.Suspended : UserStatus.Active;
        if (command.Change is MembershipChange.Remove) await Remove(change, command, rows);
        else await change
            .Write("update sites.site_member m set status = @status from unnest(@sites, @people) as c(site, person) where m.site_id = "
            + "c.site and m.account_id = c.person",
            new
            {
                rows.sites,
                rows.people,
                status = (short)status
            });
        await change.Relist(command.Organization, [.. rows.people.Distinct()]);
        foreach (var member in changed)
            change.WriteAudit(command.Organization, member.Account.Value,
                command.Change switch
                {
                    MembershipChange.Suspend => SiteActions.UserSuspended,
                    MembershipChange.Restore => SiteActions.UserRestored,
                    _ => SiteActions.UserRemoved
                },
                new { site = member.Site, status = member.Status }, command.Change is MembershipChange.Remove
                    ? null
                    : new { site = member.Site, status });
        return (outcomes, changed);
    }

    /// <summary>Over a row <c>m</c> of <c>sites.site_member</c>: whether its newest suspension is not the doing of the job
    /// <c>@undoes</c>. Somebody has decided anew since, which an undo leaves alone (SPEC C9).</summary>
    public const string SuspendedAnew = """
        @undoes::uuid is distinct from (select e.job_id from kernel.audit_entry e where e.subject_id = m.account_id
          and e.action = 'UserSuspended' and e.before ->> 'site' = m.site_id::text order by e.at desc, e.id desc limit 1)
        """;

    /// <summary>Under the rows' locks, so that nobody suspends anew meanwhile.</summary>
    static async Task<List<(SiteMember Member, Refusal? Refusal)>> LeaveSuspended(Change change,
        List<(SiteMember Member, Refusal? Refusal)> decided, Guid undoes)
    {
        var since = (await change.Rows<(Guid Site, Guid Account)>($"""
            select m.site_id, m.account_id from unnest(@sites, @people) as c(site, person)
              join sites.site_member m on m.site_id = c.site and m.account_id = c.person where {SuspendedAnew}
            """, new
        {
            undoes,
            sites = decided.Select(d => d.Member.Site.Value).ToArray(),
            people = decided.Select(d => d.Member.Account.Value).ToArray(),
        })).ToHashSet();
        return [.. decided.Select(d => d.Refusal is null && since.Contains((d.Member.Site.Value, d.Member.Account.Value))
            ? (d.Member, new SuspendedSince()) : d)];
    }

    public Task<MembershipPreview> Handle(PreviewMembership query, CancellationToken ct)
    {
        var command = new ChangeMembership(query.Organization, query.Site, query.Accounts, query.Change, new(query.By.Value, "preview"));
        return work.Look(command.Origin, async change =>
        {
            var decided = await Decide(change, command, query.By.Value);
            var byPerson = decided.ToLookup(d => d.Member.Account);
            var outcomes = query.Accounts.Select(a => (Account: a, Outcome: Of([.. byPerson[a]]))).ToList();
            var changed = decided.Where(d => d.Refusal is null).Select(d => d.Member).ToList();
            var rows = new
            {
                sites = changed.Select(m => m.Site.Value).ToArray(),
                people = changed.Select(m => m.Account.Value).ToArray(),
                organization = query.Organization.Value
            };
            var groups = query.Change is MembershipChange.Remove
                ? await change.Rows<string>($"select distinct g.name from {Leaving} order by g.name limit {NamedGroups}", rows)
                : [];
            var grants = query.Change is MembershipChange.Remove
                ? await change
                .Value<long>(
                    "select count(*) from sites.app_grant g join unnest(@sites, @people) as c(site, person) on g.site_id = c.site "
                    + "and g.account_id = c.person", rows)
                : 0;
            return new MembershipPreview([.. outcomes.Where(o => o.Outcome.Granted).Select(o => o.Account)],
                [.. outcomes.Where(o => !o.Outcome.Granted).Select(o => (o.Account, o.Outcome.Refusal!))], groups, grants);
        }, ct);
    }

    /// <summary>The group memberships that removals end: groups that open something on the site that is left, and all of them with the last
    /// site. A provider's groups stay: it says who is in them (SPEC P2).</summary>
    const string Leaving = """
        unnest(@sites, @people) as c(site, person)
        join sites.group_member gm on gm.account_id = c.person join sites.grp g on g.id = gm.group_id and g.organization_id = @organization
          and g.provided_by is null
        where exists (select from sites.group_app_grant x where x.group_id = g.id and x.site_id = c.site)
          or not exists (select from sites.site_member m join sites.site s on s.id = m.site_id where m.account_id = c.person
            and s.organization_id = @organization
            and not exists (select from unnest(@sites, @people) as d(site, person) where d.site = m.site_id and d.person = m.account_id))
        """;

    static async Task Remove(Change change, ChangeMembership command, object rows)
    {
        await change.Write(
            $"delete from sites.group_member where (group_id, account_id) in (select gm.group_id, gm.account_id from {Leaving})", rows);
        await change.Write(
            "delete from sites.site_member m using unnest(@sites, @people) as c(site, person) where m.site_id = c.site "
            + "and m.account_id = c.person", rows);
    }

    /// <summary>A person who is on none of the sites has no row here.</summary>
    static async Task<IReadOnlyList<(SiteMember Member, Refusal? Refusal)>> Decide(Change change, ChangeMembership command, Guid? actor)
    {
        var rows = await change.Rows<(Guid Site, Guid Account, short Status)>("""
            select m.site_id, m.account_id, m.status from sites.site_member m join sites.site s on s.id = m.site_id
            where m.account_id = any(@people) and s.organization_id = @organization and (@site::uuid is null or m.site_id = @site)
              order by m.account_id, m.site_id for update of m
            """, new
        {
            people = command.Accounts.Select(a => a.Value).ToArray(),
            organization = command.Organization.Value,
            site = command.Site?.Value
        });
        return [.. rows.Select(r => new SiteMember(new(r.Site), new(r.Account), (UserStatus)r.Status))
            .Select(m => (m, m.Refused(command.Change, actor)))];
    }

    /// <param name="own">What was decided on each site of one person.</param>
    public static Outcome<Done> Of(IReadOnlyList<(SiteMember Member, Refusal? Refusal)> own) =>
        own.Count == 0 ? new NotFound("user") : own.Any(d => d.Refusal is null) ? Done.It : own[0].Refusal!;
}

/// <summary>One person on one site, and what can become of it (SPEC U4, U5). Pure; the row's lock makes one decision at a time.</summary>
/// <param name="Status">Active or suspended: who is only invited has no such row.</param>
sealed record SiteMember(SiteId Site, AccountId Account, UserStatus Status)
{
    public Outcome<UserStatus> Suspend(Guid? actor) => Status switch
    {
        _ when actor == Account.Value => new SuspendYourself(),
        UserStatus.Suspended => new AlreadySuspended(),
        _ => UserStatus.Suspended,
    };

    public Outcome<UserStatus> Restore() => Status is UserStatus.Suspended ? UserStatus.Active : new NotSuspended();

    public Outcome<Done> Remove(Guid? actor) => actor == Account.Value ? new SuspendYourself() : Done.It;

    /// <summary>Null when the change will be done.</summary>
    public Refusal? Refused(MembershipChange change, Guid? actor) => change switch
    {
        MembershipChange.Suspend => Suspend(actor).Refusal,
        MembershipChange.Restore => Restore().Refusal,
        MembershipChange.Remove => Remove(actor).Refusal,
    };
}
