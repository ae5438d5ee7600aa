namespace DirectoryPlatform.Sites;

/// <summary>Who says a group's name and members, instead of the organization's admins (SPEC P2, A11).</summary>
/// <param name="Directory">The identity provider's directory.</param>
/// <param name="Name">What admins call it.</param>
public sealed record GroupProvider(Guid Directory, string Name);

/// <summary>
/// A new group of a provider's. Refused with <see cref="InvalidValue"/> of field "name" or <see cref="GroupNameTaken"/>, also when the
/// organization's own group has the name: a provider takes over no group whose members and app access an admin chose.
/// </summary>
/// <param name="Decide">Writes the provider's own rows in the same transaction, and puts members in;
/// a refusal takes all of it back.</param>
public sealed record ProvideGroup(OrganizationId Organization, GroupProvider By, string? Name, Origin Origin,
    Func<ProvidedGroupTurn, Task<Refusal?>> Decide) : IRequest<Outcome<GroupId>>
{
    /// <summary>As long as Microsoft Entra ID has them: whoever named the group there cannot be asked for another name.</summary>
    public const int MaxName = 256;
}

/// <summary>A change of a provider's own group, one at a time. Refused with <see cref="NotFound"/> for a group that is not this
/// directory's, whoever's it is.</summary>
/// <param name="Decide">As in <see cref="ProvideGroup"/>; the group's row is locked when it begins.</param>
public sealed record ChangeProvidedGroup(OrganizationId Organization, GroupProvider By, GroupId Group, Origin Origin,
    Func<ProvidedGroupTurn, Task<Refusal?>> Decide) : IRequest<Outcome<Done>>;

/// <summary>People whom the provider owns no longer are in none of its groups.</summary>
public sealed record LeaveProvidedGroups(OrganizationId Organization, IReadOnlyCollection<AccountId> Accounts, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>The groups of a directory that is removed become the organization's own, with name,
/// members and app access as they are.</summary>
public sealed record GiveBackGroups(OrganizationId Organization, Guid Directory, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>What a provider may do to its own group, within one transaction that its directory writes along in. Each step writes what it
/// changes and nothing else, however large the group is.</summary>
public sealed class ProvidedGroupTurn
{
    readonly Change _change;
    readonly OrganizationId _organization;
    string _name;

    internal ProvidedGroupTurn(Change change, OrganizationId organization, GroupId group, string name) =>
        (_change, _organization, Group, _name) = (change, organization, group, name);

    /// <summary>For the caller's own rows.</summary>
    public NpgsqlConnection Connection => _change.Connection;

    /// <summary>Likewise, at the end and in one round trip with what else is written then.</summary>
    public void Queue(NpgsqlBatchCommand statement) => _change.Queue(statement);

    public GroupId Group { get; }
    public DateTimeOffset Now => _change.Now;

    /// <summary>Whether anything was changed yet.</summary>
    public bool Changed { get; private set; }

    public async Task<Refusal?> Rename(string? typed)
    {
        var name = PlainText.ReadName(typed, "name", ProvideGroup.MaxName);
        if (!name.Granted) return name.Refusal;
        if (name.Value == _name) return null;
        var values = new { group = Group.Value, organization = _organization.Value, name = name.Value, key = SearchKey.Unique(name.Value) };
        if (await _change.Value<bool>(
            "select exists (select from sites.grp where organization_id = @organization and name_key = @key and id <> @group)",
            values)) return new GroupNameTaken();
        await _change.Write("update sites.grp set name = @name, name_key = @key where id = @group", values);
        _change.WriteAudit(_organization, Group.Value, SiteActions.GroupChanged, new { name = _name }, new { name = name.Value });
        (_name, Changed) = (name.Value, true);
        return null;
    }

    /// <summary>What the provider keeps of its own about the group was changed, by the caller.</summary>
    public void NoteExternalId(string? before, string? after)
    {
        _change.WriteAudit(_organization, Group.Value, SiteActions.GroupExternalIdChanged,
            new { externalId = before }, new { externalId = after });
        Changed = true;
    }

    /// <summary>Whoever is in it already stays.</summary>
    public async Task Add(IReadOnlyCollection<Guid> people) => WriteAudit(SiteActions.AddedToGroup, await _change.Rows<Guid>("""
        insert into sites.group_member (group_id, account_id, added_at) select @group, id, @now from unnest(@people) as p(id)
          on conflict do nothing returning account_id
        """, new { group = Group.Value, people = people.Distinct().Order().ToArray(), now = _change.Now.UtcDateTime }));

    /// <summary>Whoever is not in it is left out.</summary>
    public async Task Remove(IReadOnlyCollection<Guid> people) => WriteAudit(SiteActions.RemovedFromGroup, await _change.Rows<Guid>("""
        delete from sites.group_member where group_id = @group and account_id = any(@people) returning account_id
        """, new { group = Group.Value, people = people.ToArray() }));

    /// <summary>Takes out everybody but these.</summary>
    public async Task KeepOnly(IReadOnlyCollection<Guid> people) => WriteAudit(SiteActions.RemovedFromGroup, await _change.Rows<Guid>("""
        delete from sites.group_member m where group_id = @group and not exists (select from unnest(@people) as p(id)
          where p.id = m.account_id) returning account_id
        """, new { group = Group.Value, people = people.ToArray() }));

    public async Task Delete()
    {
        var members = await _change.Value<long>("select count(*) from sites.group_member where group_id = @group",
            new { group = Group.Value });
        await _change.Write("delete from sites.grp where id = @group", new { group = Group.Value });
        _change.WriteAudit(_organization, Group.Value, SiteActions.GroupDeleted, new { name = _name, members });
        Changed = true;
    }

    void WriteAudit(string action, IReadOnlyList<Guid> people)
    {
        foreach (var person in people)
            _change.WriteAudit(_organization, person, action, action == SiteActions.RemovedFromGroup ? new { group = _name } : null,
                action == SiteActions.AddedToGroup ? new { group = _name } : null);
        Changed |= people.Count > 0;
    }
}
