using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Words;

namespace DirectoryPlatform.Tests.Reporting;

/// <summary>One file of the users of all sites, against what the tables say in plain words.</summary>
[Trait("Rule", "U15")]
public sealed class ExportAllSites : OnSite
{
    static readonly string[] Head =
    [
        "Name", "Email", "Account id", "Site", "Status", "Account type", "Added", "Last active", "Jira", "Trello", "Groups",
    ];

    OrganizationId _globex;
    SiteId _other, _theirs;
    GroupId _writers;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _globex = await Here.Organization("globex");
        (_other, _theirs) = (await NewSite(Acme, "other"), await NewSite(_globex, "theirs"));
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        var developers = await Group("Developers", role: AppRole.Admin);
        _writers = await Group("Writers", _other, app: "trello");
        var both = await User("both@mail.example", roles: JiraUser, groups: developers);
        await Invite(_other, null, [_writers], "both@mail.example");
        await Invite(_theirs, JiraUser, null, "both@mail.example", "theirs@mail.example");
        await Here.Account("managed@acme.example", "=1+1", managedBy: Acme);
        await Invite(_other, JiraUser, null, "managed@acme.example");
        var suspended = await User("suspended@mail.example", roles: JiraUser);
        await Invite(_other, null, null, "suspended@mail.example");
        await Change(MembershipChange.Suspend, suspended, Site);
        await Change(MembershipChange.Suspend, await User("out@mail.example"), Site);
        var off = await Here.Account("off@acme.example", "Off Duty", managedBy: Acme);
        foreach (var site in (SiteId[])[Site, _other]) await Invite(site, JiraUser, null, "off@acme.example");
        await Here.Grant(new DeactivateAccount(off, Acme, null, null, false, By(Ada)));
        await Invite(Site, JiraUser, [developers], "waiting@mail.example", "one@mail.example");
        await Invite(_other, null, null, "waiting@mail.example");
        await Here.Account("never@acme.example", "Never Invited", managedBy: Acme);
        await Here.Grant(new MayEnterApp($"{_other}", "trello", both));
        await Here.Quiet();
    }

    async Task<IReadOnlyList<string[]>> Lines(OrganizationId organization, ExportScope scope)
    {
        using var file = new MemoryStream();
        await Here.Grant(new StreamExport(organization, scope, By(Ada), file));
        return await IndependentCsv.Read(file.ToArray());
    }

    async Task<IReadOnlyList<string>> Rows(OrganizationId organization, UserFilter filter) =>
        [.. (await Lines(organization, ExportScope.Of(null, filter, false))).Skip(1).Select(r => string.Join('|', r))
            .Order(StringComparer.Ordinal)];

    /// <summary>A row for each membership and for each invitation that waits.</summary>
    async Task<IReadOnlyList<string>> Told(OrganizationId organization) => [.. (await Here.Rows<string>("""
        select case when a.name like '=%' then '''' else '' end || a.name || '|' || a.email || '|' || a.id || '|' || s.name
          || '|' || case when m.status = 3 then 'Suspended' when a.state = 1 then 'Active' else 'Dormant' end
          || '|' || case when a.managed_by = @organization then 'managed' else 'external' end
          || '|' || to_char(m.added_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS"Z"')
          || '|' || case when m.last_active_at = '-infinity' then ''
            else to_char(m.last_active_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS"Z"') end
          || (select string_agg('|' || coalesce((select case max(r.role) when 2 then 'admin' else 'user' end from (
              select g.app_id, g.role from sites.app_grant g where g.account_id = a.id and g.site_id = s.id
              union all
              select x.app_id, x.role from sites.group_app_grant x join sites.group_member gm on gm.group_id = x.group_id
                where gm.account_id = a.id and x.site_id = s.id) r where r.app_id = p.id having count(*) > 0), ''), '' order by p.name)
            from sites.app p)
          || '|' || coalesce((select string_agg(g.name, '; ' order by g.name) from sites.grp g
            join sites.group_member gm on gm.group_id = g.id where gm.account_id = a.id and g.organization_id = @organization), '')
        from sites.site_member m join sites.site s on s.id = m.site_id join accounts.account a on a.id = m.account_id
          where s.organization_id = @organization
        union all
        select '|' || i.email || '||' || s.name || '|Invited||' || to_char(i.invited_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS"Z"')
          || '||||' from sites.invitation i join sites.site s on s.id = i.site_id
          where s.organization_id = @organization and i.accepted_at is null and i.revoked_at is null
        """, new { organization = organization.Value })).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task The_file_has_a_row_for_each_user_on_each_site_and_whom_the_list_shows()
    {
        var told = await Told(Acme);
        (told.Count, told.Count(t => t.Contains("both@", StringComparison.Ordinal))).ShouldBe((11, 2));
        (await Lines(Acme, ExportScope.Of(null, UserFilter.Everybody, false)))[0].ShouldBe(Head);
        (await Rows(Acme, UserFilter.Everybody)).ShouldBe(told);
        (await Rows(_globex, UserFilter.Everybody)).ShouldBe(await Told(_globex), "nothing of another organization");
        foreach (var filter in (UserFilter[])[UserFilter.Everybody, new("mail.example"), new(Status: UserStatus.Suspended),
            new(Status: UserStatus.Invited), new(Status: UserStatus.Active) { Dormant = true }, new(Type: UserType.Managed),
            new(Type: UserType.External), new(App: "trello"), new(Group: _writers), new() { Domain = "acme.example" }])
        {
            var listed = (await Here.Grant(new ListUsers(new(Acme), filter))).Rows.Select(r => r.Email).ToList();
            listed.ShouldNotBeEmpty($"{filter}");
            var rows = await Rows(Acme, filter);
            rows.ShouldBe(told.Where(t => listed.Contains(t.Split('|')[1])), $"{filter}");
            (await Here.Grant(new MeasureExport(Acme, ExportScope.Of(null, filter, false)))).Rows.ShouldBe(rows.Count);
        }
    }

    [Fact]
    public async Task Who_is_on_no_site_has_a_row_without_one_and_is_in_no_file_of_a_site()
    {
        var never = await Here.Scalar<Guid>("select id from accounts.account where email = 'never@acme.example'");
        (await Rows(Acme, new(Type: UserType.NeverInvited)))
            .ShouldBe([$"Never Invited|never@acme.example|{never}||Not on a site|managed|||||"]);
        (await Lines(Acme, ExportScope.Of(Site, new(Type: UserType.NeverInvited), false))).Count.ShouldBe(1, "the head alone");
    }

    [Fact]
    public async Task Groups_of_all_sites_have_columns_and_one_site_stays_as_it_was()
    {
        var columns = await Lines(Acme, ExportScope.Of(null, UserFilter.Everybody, true));
        columns[0].ShouldBe([.. Head[..^1], "Developers", "Writers"]);
        columns.Where(r => r[1] == "both@mail.example").Select(r => (r[3], r[8], r[9], r[10], r[11]))
            .ShouldBe([("other", "", "user", "yes", "yes"), ("team", "admin", "", "yes", "yes")]);
        var one = await Lines(Acme, ExportScope.Of(_other, UserFilter.Everybody, false));
        one[0].ShouldBe([.. Head[..3], .. Head[4..]]);
        one.Skip(1).Select(r => string.Join('|', (string[])[.. r[..3], "other", .. r[3..]])).Order(StringComparer.Ordinal)
            .ShouldBe((await Told(Acme)).Where(t => t.Split('|')[3] == "other")
                .Select(t => t.Replace("Developers; ", "", StringComparison.Ordinal)),
                "the same rows, without the site and without what opens nothing there");
    }

    [Fact, Trait("Rule", "U9"), Trait("Rule", "L4")]
    public async Task Another_organizations_site_is_unknown_and_the_log_says_that_it_was_of_all()
    {
        foreach (var scope in (ExportScope[])[ExportScope.Of(_theirs, UserFilter.Everybody, false),
            ExportScope.Of(new SiteId(Guid.NewGuid()), UserFilter.Everybody, false)])
        {
            (await Here.Refuse(new MeasureExport(Acme, scope))).ShouldBeOfType<NotFound>();
            (await Here.Refuse(new StreamExport(Acme, scope, By(Ada), Stream.Null))).ShouldBeOfType<NotFound>();
            (await Here.Refuse(new BeginExport(Acme, scope, By(Ada)))).ShouldBeOfType<NotFound>();
        }
        (await Here.Scalar<long>("select count(*) from kernel.job")).ShouldBe(0);
        await Lines(Acme, ExportScope.Of(null, new("both"), false));
        (await Here.Rows<Guid>("select subject_id from kernel.audit_entry where action = 'UsersExported'")).ShouldBe([Acme.Value]);
        (await Here.Scalar<string>("select fact::text from kernel.audit_entry where action = 'UsersExported'"))!
            .ShouldNotContain("both", Case.Insensitive, "an entry keeps no search");
        var entry = (await Here.Send(new ReadSensitiveEvents(Acme, 50))).Single(l => l.History.Action == ReportingActions.UsersExported);
        AuditSentences.Of(entry).Text.ShouldBe("{actor} exported the users of all sites");
    }
}
