using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Names;
using DirectoryPlatform.Sites.Storage;
using MediatR;

namespace DirectoryPlatform.Sites.Groups;

sealed class GroupProvisioning(SiteTurns turns)
    : IRequestHandler<ProvideGroup, Outcome<GroupId>>, IRequestHandler<ChangeProvidedGroup, Outcome<Done>>,
    IRequestHandler<LeaveProvidedGroups, Outcome<Done>>, IRequestHandler<GiveBackGroups, Outcome<Done>>
{
    public async Task<Outcome<GroupId>> Handle(ProvideGroup command, CancellationToken ct)
    {
        var name = PlainText.ReadName(command.Name, "name");
        if (!name.Granted) return name.Refusal;
        return await turns.Do<GroupId>(command.Origin, async turn =>
        {
            var id = Guid.CreateVersion7(turn.Now);
            if (await turn.Write("""
                insert into sites.grp (id, organization_id, name, name_key, created_at, provided_by, provider)
                  values (@id, @organization, @name, @key, @now, @directory, @provider) on conflict (organization_id, name_key) do nothing
                """, new
            {
                id,
                organization = command.Organization.Value,
                name = name.Value,
                key = SearchKey.Unique(name.Value),
                now = turn.Now.UtcDateTime,
                directory = command.By.Directory,
                provider = command.By.Name
            }) == 0) return new GroupNameTaken();
            turn.Audit(command.Organization, id, "GroupCreated", after: new { name = name.Value, provider = command.By.Name });
            var group = new ProvidedGroupTurn(turn, turn.Connection, command.Organization, new(id), name.Value);
            return await command.Decide(group) is { } refusal ? refusal : group.Group;
        }, ct);
    }

    public Task<Outcome<Done>> Handle(ChangeProvidedGroup command, CancellationToken ct) => turns.Do<Done>(command.Origin, async turn =>
        await turn.Value<string>(
            "select name from sites.grp where id = @group and organization_id = @organization "
            + "and provided_by = @directory for no key update",
            new { group = command.Group.Value, organization = command.Organization.Value, directory = command.By.Directory }) is not
            {
            } name ? new NotFound("group")
        : await command.Decide(new(turn, turn.Connection, command.Organization, command.Group, name)) is { } refusal
        ? refusal
        : Done.It, ct);

    public Task<Outcome<Done>> Handle(LeaveProvidedGroups command, CancellationToken ct) => turns.Do<Done>(command.Origin, async turn =>
    {
        var left = await turn.Rows<(Guid Account, string Group)>("""
            delete from sites.group_member m using sites.grp g where g.id = m.group_id and g.organization_id = @organization
              and g.provided_by is not null and m.account_id = any(@people) returning m.account_id, g.name
            """, new { organization = command.Organization.Value, people = command.Accounts.Select(a => a.Value).ToArray() });
        foreach (var (account, group) in left) turn.Audit(command.Organization, account, "RemovedFromGroup", before: new { group });
        return Done.It;
    }, ct);

    public Task<Outcome<Done>> Handle(GiveBackGroups command, CancellationToken ct) => turns.Do<Done>(command.Origin, async turn =>
    {
        var given = await turn.Rows<(Guid Id, string Name, string Provider)>("""
            update sites.grp g set provided_by = null, provider = null from sites.grp was where was.id = g.id
              and g.organization_id = @organization and g.provided_by = @directory returning g.id, g.name, was.provider
            """, new { organization = command.Organization.Value, directory = command.Directory });
        foreach (var (id, name, provider) in given)
            turn.Audit(command.Organization, id, "GroupGivenBack", new { name, provider }, new { name });
        return Done.It;
    }, ct);

    /// <summary>An invitation puts nobody into a provider's group.</summary>
    internal static async Task<Refusal?> OwnedAmong(SiteTurn turn, OrganizationId organization, IEnumerable<GroupId> groups) =>
        await turn.Value<string?>(
            "select provider from sites.grp where id = any(@groups) and organization_id = @organization "
            + "and provided_by is not null order by name_key limit 1",
            new { groups = groups.Select(g => g.Value).ToArray(), organization = organization.Value }) is { } provider
                ? new GroupOwnedByProvider(provider)
                : null;

    /// <summary>Refuses what a provider says (SPEC A11); the group's row is locked already.</summary>
    internal static async Task<Refusal?> Owned(SiteTurn turn, GroupId group) =>
        await turn.Value<string?>("select provider from sites.grp where id = @group", new { group = group.Value }) is { } provider
            ? new GroupOwnedByProvider(provider)
            : null;
}
