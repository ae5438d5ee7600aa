namespace DirectoryPlatform.Sites.Internal.Groups;

sealed class GroupProvisioning(UnitOfWork work)
    : IRequestHandler<ProvideGroup, Outcome<GroupId>>, IRequestHandler<ChangeProvidedGroup, Outcome<Done>>,
    IRequestHandler<LeaveProvidedGroups, Outcome<Done>>, IRequestHandler<GiveBackGroups, Outcome<Done>>
{
    public async Task<Outcome<GroupId>> Handle(ProvideGroup command, CancellationToken ct)
    {
        var name = PlainText.ReadName(command.Name, "name", ProvideGroup.MaxName);
        if (!name.Granted) return name.Refusal;
        return await work.Run<GroupId>(command.Origin, async change =>
        {
            var id = Guid.CreateVersion7(change.Now);
            if (await change.Write("""
                insert into sites.grp (id, organization_id, name, name_key, created_at, provided_by, provider)
                  values (@id, @organization, @name, @key, @now, @directory, @provider) on conflict (organization_id, name_key) do nothing
                """, new
            {
                id,
                organization = command.Organization.Value,
                name = name.Value,
                key = SearchKey.Unique(name.Value),
                now = change.Now.UtcDateTime,
                directory = command.By.Directory,
                provider = command.By.Name
            }) == 0) return new GroupNameTaken();
            change.WriteAudit(command.Organization, id, SiteActions.GroupCreated,
                after: new { name = name.Value, provider = command.By.Name });
            var group = new ProvidedGroupTurn(change, command.Organization, new(id), name.Value);
            return await command.Decide(group) is { } refusal ? refusal : group.Group;
        }, ct);
    }

    public Task<Outcome<Done>> Handle(ChangeProvidedGroup command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (await change.Value<string>(
            "select name from sites.grp where id = @group and organization_id = @organization "
            + "and provided_by = @directory for no key update",
            new { group = command.Group.Value, organization = command.Organization.Value, directory = command.By.Directory })
            is not { } name) return new NotFound("group");
        var group = new ProvidedGroupTurn(change, command.Organization, command.Group, name);
        if (await command.Decide(group) is { } refusal) return refusal;
        return group.Changed ? Done.It : change.Unchanged();
    }, ct);

    public Task<Outcome<Done>> Handle(LeaveProvidedGroups command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        var left = await change.Rows<(Guid Account, string Group)>("""
            delete from sites.group_member m using sites.grp g where g.id = m.group_id and g.organization_id = @organization
              and g.provided_by is not null and m.account_id = any(@people) returning m.account_id, g.name
            """, new { organization = command.Organization.Value, people = command.Accounts.Select(a => a.Value).ToArray() });
        foreach (var (account, group) in left)
            change.WriteAudit(command.Organization, account, SiteActions.RemovedFromGroup, before: new { group });
        return left.Count > 0 ? Done.It : change.Unchanged();
    }, ct);

    public Task<Outcome<Done>> Handle(GiveBackGroups command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        var given = await change.Rows<(Guid Id, string Name, string Provider)>("""
            update sites.grp g set provided_by = null, provider = null from sites.grp was where was.id = g.id
              and g.organization_id = @organization and g.provided_by = @directory returning g.id, g.name, was.provider
            """, new { organization = command.Organization.Value, directory = command.Directory });
        foreach (var (id, name, provider) in given)
            change.WriteAudit(command.Organization, id, SiteActions.GroupGivenBack, new { name, provider }, new { name });
        return given.Count > 0 ? Done.It : change.Unchanged();
    }, ct);

    /// <summary>An invitation puts nobody into a provider's group.</summary>
    internal static async Task<Refusal?> OwnedAmong(Change change, OrganizationId organization, IEnumerable<GroupId> groups) =>
        await change.Value<string?>(
            "select provider from sites.grp where id = any(@groups) and organization_id = @organization "
            + "and provided_by is not null order by name_key limit 1",
            new { groups = groups.Select(g => g.Value).ToArray(), organization = organization.Value }) is { } provider
                ? new GroupOwnedByProvider(provider)
                : null;

    /// <summary>Refuses what a provider says (SPEC A11); the group's row is locked already.</summary>
    internal static async Task<Refusal?> Owned(Change change, GroupId group) =>
        await change.Value<string?>("select provider from sites.grp where id = @group", new { group = group.Value }) is { } provider
            ? new GroupOwnedByProvider(provider)
            : null;
}
