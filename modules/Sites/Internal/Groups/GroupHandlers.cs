namespace DirectoryPlatform.Sites.Internal.Groups;

/// <summary>What an admin does to the organization's own groups, and who is in them.</summary>
sealed class GroupHandlers(UnitOfWork work, IMediator mediator, IEnumerable<IUseGroups> uses)
    : IRequestHandler<CreateGroup, Outcome<GroupId>>, IRequestHandler<ChangeGroup, Outcome<Done>>,
    IRequestHandler<DeleteGroup, Outcome<Done>>, IRequestHandler<GiveGroupAccess, Outcome<Done>>,
    IRequestHandler<AddToGroup, Outcome<Done>>, IRequestHandler<AddToGroupByEmail, Outcome<Done>>,
    IRequestHandler<RemoveFromGroup, Outcome<Done>>
{
    public async Task<Outcome<GroupId>> Handle(CreateGroup command, CancellationToken ct)
    {
        var (name, description) = (PlainText.ReadName(command.Name, "name"), Describe(command.Description));
        if (!name.Granted) return name.Refusal;
        if (!description.Granted) return description.Refusal;
        return await work.Run<GroupId>(command.Origin, async change =>
        {
            var id = Guid.CreateVersion7(change.Now);
            if (await change.Write("""
                insert into sites.grp (id, organization_id, name, name_key, description, created_at)
                  values (@id, @organization, @name, @key, nullif(@description, ''), @now)
                  on conflict (organization_id, name_key) do nothing
                """, new
            {
                id,
                organization = command.Organization.Value,
                name = name.Value,
                key = SearchKey.Unique(name.Value),
                description = description.Value,
                now = change.Now.UtcDateTime
            }) == 0) return new GroupNameTaken();
            change.WriteAudit(command.Organization, id, SiteActions.GroupCreated, after: new { name = name.Value });
            return new GroupId(id);
        }, ct);
    }

    public async Task<Outcome<Done>> Handle(ChangeGroup command, CancellationToken ct)
    {
        var description = Describe(command.Description);
        if (!description.Granted) return description.Refusal;
        return await work.Run<Done>(command.Origin, async change =>
        {
            if (await Lock(change, command.Organization, command.Group) is not { } was) return new NotFound("group");
            // A provider's group may have a longer name, which stays as it is, also once the group is given back.
            var name = PlainText.Normalise(command.Name) == was ? was : PlainText.ReadName(command.Name, "name");
            if (!name.Granted) return name.Refusal;
            var values = new
            {
                group = command.Group.Value,
                organization = command.Organization.Value,
                name = name.Value,
                key = SearchKey.Unique(name.Value),
                description = description.Value
            };
            if (name.Value != was && await GroupProvisioning.Owned(change, command.Group) is { } owned) return owned;
            try
            {
                await change.Write("""
                    update sites.grp set name = @name, name_key = @key, description = nullif(@description, '') where id = @group
                    """, values);
            }
            catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation) { return new GroupNameTaken(); }
            change.WriteAudit(command.Organization, command.Group.Value, SiteActions.GroupChanged,
                new { name = was }, new { name = name.Value });
            return Done.It;
        }, ct);
    }

    public Task<Outcome<Done>> Handle(DeleteGroup command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (await Lock(change, command.Organization, command.Group) is not { } was) return new NotFound("group");
        if (await GroupProvisioning.Owned(change, command.Group) is { } owned) return owned;
        var values = new { group = command.Group.Value };
        var members = await change.Value<long>("select count(*) from sites.group_member where group_id = @group", values);
        await change.Write("delete from sites.grp where id = @group", values);
        change.WriteAudit(command.Organization, command.Group.Value, SiteActions.GroupDeleted, new { name = was, members });
        return Done.It;
    }, ct);

    public Task<Outcome<Done>> Handle(GiveGroupAccess command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (await Lock(change, command.Organization, command.Group) is null) return new NotFound("group");
        var values = new { group = command.Group.Value, site = command.Site.Value, app = command.App ?? "", role = (short?)command.Role };
        // The site of another organization is answered as an unknown one.
        if (await change.OrganizationOf(command.Site) != command.Organization)
            return new InvalidValue("site", "Choose a site from the list.");
        if (!await change.Value<bool>("select exists (select from sites.site_app where site_id = @site and app_id = @app)", values))
            return new InvalidValue("app", "Choose an app on this site.");
        if (command.Role is { } role && !Enum.IsDefined(role)) return new InvalidValue("role", "Choose a role.");
        var was = (AppRole?)await change
            .Value<short?>("select role from sites.group_app_grant where group_id = @group and site_id = @site and app_id = @app", values);
        if (was == command.Role || (command.Role is null && command.Taken is { } taken && was != taken)) return change.Unchanged();
        await change.Write(command.Role is null
            ? "delete from sites.group_app_grant where group_id = @group and site_id = @site and app_id = @app"
            : "insert into sites.group_app_grant (group_id, site_id, app_id, role) values (@group, @site, @app, @role) on conflict "
            + "(group_id, site_id, app_id) do update set role = excluded.role", values);
        change.WriteAudit(command.Organization, command.Group.Value, SiteActions.GroupAccessChanged,
            new { site = command.Site, app = command.App, role = was },
            new { site = command.Site, app = command.App, role = command.Role });
        return Done.It;
    }, ct);

    /// <returns>The group's name; null when the organization has no such group.</returns>
    static Task<string?> Lock(Change change, OrganizationId organization, GroupId group) =>
        change.Value<string>("select name from sites.grp where id = @group and organization_id = @organization for no key update",
            new { group = group.Value, organization = organization.Value });

    static Outcome<string> Describe(string? typed)
    {
        var text = PlainText.Normalise(typed);
        return PlainText.Length(text) > CreateGroup.MaxDescription || !PlainText.IsReadable(text)
            ? new InvalidValue("description", $"Enter at most {CreateGroup.MaxDescription} characters, without control characters.")
            : text;
    }

    /// <summary>Somebody who has an account, and is no user here, is answered as somebody who has none.</summary>
    public async Task<Outcome<Done>> Handle(AddToGroupByEmail command, CancellationToken ct)
    {
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return email.Refusal;
        return await mediator.Send(new FindAccount(email.Value), ct) is { } account
            ? await mediator.Send(new AddToGroup(command.Organization, command.Group, account.Id, command.Origin), ct)
            : new NotAUserHere();
    }

    public Task<Outcome<Done>> Handle(AddToGroup command, CancellationToken ct) =>
        ChangeMembers(command.Organization, command.Group, command.Account, command.Site, command.Origin, async (change, values, name) =>
        {
            // Locked, so that nobody is removed from the last site and put into a group at once.
            if ((await change.Rows<Guid>(
                "select m.site_id from sites.site_member m join sites.site s on s.id = m.site_id where m.account_id = @account "
                + "and s.organization_id = @organization and (@site::uuid is null or m.site_id = @site) for share of m",
                values)).Count == 0) return new NotAUserHere();
            if (await change.Write(
                "insert into sites.group_member (group_id, account_id, added_at) values (@group, @account, @now) on conflict do nothing",
                values) == 0) return new InGroupAlready();
            change.WriteAudit(command.Organization, command.Account.Value, SiteActions.AddedToGroup, after: Named(name, command.Site));
            return Done.It;
        }, ct);

    public Task<Outcome<Done>> Handle(RemoveFromGroup command, CancellationToken ct) =>
        ChangeMembers(command.Organization, command.Group, command.Account, command.Site, command.Origin, async (change, values, name) =>
        {
            if (command.Site is not null && !await change.Value<bool>(
                "select exists (select from sites.site_member where site_id = @site and account_id = @account)", values))
                return new NotAUserHere();
            if (await change.Write("delete from sites.group_member where group_id = @group and account_id = @account", values) == 0)
                return new NotInGroup();
            change.WriteAudit(command.Organization, command.Account.Value, SiteActions.RemovedFromGroup,
                before: Named(name, command.Site));
            return Done.It;
        }, ct);

    /// <summary>With a site, its own admins ask: what the group means is looked at under its lock, so that it means no more when the change
    /// commits.</summary>
    async Task<Outcome<Done>> ChangeMembers(OrganizationId organization, GroupId group, AccountId account, SiteId? site, Origin origin,
        Func<Change, object, string, Task<Outcome<Done>>> write, CancellationToken ct) =>
        await work.Run<Done>(origin, async change =>
        {
            if (await Lock(change, organization, group) is not { } name) return new NotFound("group");
            if (site is { } here)
            {
                if (!await SiteGroupReading.Gives(change, organization, here, group)) return new NotFound("group");
                foreach (var room in uses)
                    if (await room.Uses(change, organization, group)) return new NotFound("group");
            }
            if (await GroupProvisioning.Owned(change, group) is { } owned) return owned;
            return await write(change, new
            {
                group = group.Value,
                account = account.Value,
                organization = organization.Value,
                site = site?.Value,
                now = change.Now.UtcDateTime,
            }, name);
        }, ct);

    /// <summary>A site's own history tells what its admins did.</summary>
    static object Named(string group, SiteId? site) => site is { } here ? new { group, site = here } : new { group };
}
