using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>What managed people open, in the Managed accounts list, on the profile and in the file (SPEC M1, M2, M9).</summary>
public sealed class SeeAppAccess : OnSite
{
    AccountId _liam, _nora, _idle;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        _liam = await Here.Account("liam@acme.example", "Liam", managedBy: Acme);
        _nora = await Here.Account("nora@acme.example", "Nora", managedBy: Acme);
        _idle = await Here.Account("idle@acme.example", "Idle", managedBy: Acme);
        await Invite(Site, JiraUser, null, "liam@acme.example");
        await Invite(Site, null, [await Group("Developers", app: "trello")], "nora@acme.example");
        var globex = await Here.Organization("globex");
        await Invite(await NewSite(globex, "theirs"), JiraUser, null, "liam@acme.example", "idle@acme.example");
    }

    async Task<IEnumerable<string>> Names(ManagedAccountFilter filter) =>
        (await Here.Grant(new ListManagedAccounts(Acme, filter))).Rows.Select(r => r.Name);

    [Fact, Trait("Rule", "M1")]
    public async Task The_list_shows_and_filters_by_what_opens_here_and_nothing_of_another_organization()
    {
        (await Here.Grant(new ListManagedAccounts(Acme))).Rows.Select(r => $"{r.Name}: {string.Join(",", r.Apps!)}")
            .ShouldBe(["Idle: ", "Liam: Jira", "Nora: Trello"]);
        (await Names(new(App: "jira"))).ShouldBe(["Liam"]);
        (await Names(new(App: "trello"))).ShouldBe(["Nora"]);
        (await Names(new(App: "nonsense"))).ShouldBeEmpty();
        (await Names(new(OnSite: false))).ShouldBe(["Idle"]);
        (await Names(new(OnSite: true))).ShouldBe(["Liam", "Nora"]);
        (await Here.Send(new CountMatchingAccounts(Acme, new(OnSite: false), 10))).ShouldBe(1);
    }

    [Fact, Trait("Rule", "M2")]
    public async Task The_profile_names_every_site_and_app_and_of_managed_people_those_of_others_too()
    {
        var liam = await Here.Send(new ReadAppAccess(new(Acme), _liam));
        liam.Here.Single().Apps.Select(a => (a.Id, a.Effective)).ShouldBe([("jira", AppRole.User), ("trello", null)]);
        var there = liam.Elsewhere.Single();
        (there.Organization, there.AddedBy, there.Apps.Single(a => a.Id == "jira").Direct).ShouldBe(("globex", null, AppRole.User));
        var nora = await Here.Send(new ReadAppAccess(new(Acme), _nora));
        nora.Elsewhere.ShouldBeEmpty();
        nora.Groups.Single().Name.ShouldBe("Developers");
        nora.OtherGroups.ShouldBeEmpty();
        liam.OtherGroups.ShouldBe(["Developers"]);
        var idle = await Here.Send(new ReadAppAccess(new(Acme), _idle));
        (idle.Here.Count, idle.Elsewhere.Count).ShouldBe((0, 1));

        // Not for a site's own admins, and not of people whom somebody else manages, or nobody.
        (await Here.Send(new ReadAppAccess(new(Acme, Site), _liam))).Elsewhere.ShouldBeEmpty();
        (await Here.Send(new ReadAppAccess(new(Acme, Site), _nora))).Groups.ShouldBeEmpty();
        await Here.Grant(new UnclaimAccount(_liam, Acme, Exclude: true, By(Ada)));
        (await Here.Send(new ReadAppAccess(new(Acme), _liam))).Elsewhere.ShouldBeEmpty();
    }

    [Fact, Trait("Rule", "M2"), Trait("Rule", "U11")]
    public async Task The_door_notes_when_each_app_was_last_used()
    {
        Here.Clock.Stand();
        var began = Here.Clock.GetUtcNow();
        async Task<IEnumerable<(string, double?)>> Minutes() => (await Here.Send(new ReadAppAccess(new(Acme), _nora))).Here.Single()
            .Apps.Select(a => (a.Id, a.LastActiveAt is { } at ? Math.Round((at - began).TotalMinutes) : (double?)null));
        await Here.Grant(new GiveRole(Site, _nora, "jira", AppRole.User, null, By(Ada)));
        (await Minutes()).ShouldBe([("jira", null), ("trello", null)]);
        await Here.Grant(new MayEnterApp($"{Site}", "trello", _nora));
        (await Minutes()).ShouldBe([("jira", null), ("trello", 0)]);
        Here.Clock.Pass(TimeSpan.FromMinutes(30));
        await Here.Grant(new MayEnterApp($"{Site}", "trello", _nora));
        await Here.Grant(new MayEnterApp($"{Site}", "jira", _nora));
        (await Minutes()).ShouldBe([("jira", 30), ("trello", 0)]);
        Here.Clock.Pass(TimeSpan.FromMinutes(31));
        await Here.Grant(new MayEnterApp($"{Site}", "trello", _nora));
        (await Minutes()).ShouldBe([("jira", 30), ("trello", 61)]);
        await Here.Send(new ChangeMembership(Acme, Site, [_nora], MembershipChange.Remove, By(Ada)));
        (await Here.Scalar<long>("select count(*) from sites.app_use")).ShouldBe(0, "what is left behind is nobody's");
    }

    [Fact, Trait("Rule", "U11")]
    public async Task The_door_knows_a_site_by_its_host_and_nobody_else_takes_that_with_the_other_scheme()
    {
        var strangers = await Here.Organization("strangers");
        foreach (var url in (string[])["https://team.example", "http://team.example", " HTTP://Team.Example:80/ "])
            (await Here.Refuse(new CreateSite(strangers, "Theirs", url, By(Ada)))).ShouldBeOfType<UrlTaken>(url);
        await Here.Grant(new MayEnterApp("team.example", "trello", _nora));
        await Here.Grant(new CreateSite(strangers, "Theirs", "http://team.example:8443", By(Ada)));
        await Here.Grant(new MayEnterApp("team.example", "trello", _nora));
        var atOnce = await Task.WhenAll(((string[])["http", "https"]).Select(scheme =>
            Here.Send(new CreateSite(strangers, scheme, $"{scheme}://both.example", By(Ada)))));
        atOnce.Count(made => made.Granted).ShouldBe(1);
    }

    [Fact, Trait("Rule", "U13"), Trait("Rule", "L1")]
    public async Task Roles_in_several_apps_are_given_together_or_not_at_all()
    {
        async Task<IEnumerable<AppRole?>> Direct() =>
            (await Here.Grant(new ReadUser(new(Acme, Site), _liam))).Sites.Single().Apps.Select(a => a.Direct);
        Task<Outcome<Done>> Give(AppRole? jira, string other, AppRole? role, IReadOnlyList<string>? only = null) => Here.Send(new GiveRoles(
            Site, _liam, new Dictionary<string, AppRole?> { ["jira"] = jira, [other] = role }, only, By(Ada)));
        (await Give(AppRole.Admin, "nonsense", AppRole.User)).Refusal!.Code.ShouldBe("notFound");
        (await Give(AppRole.Admin, "trello", AppRole.User, only: ["trello"])).Refusal.ShouldBeOfType<NotYourApp>();
        (await Direct()).ShouldBe([AppRole.User, null]);
        (await Give(AppRole.Admin, "trello", AppRole.User)).Granted.ShouldBeTrue();
        (await Direct()).ShouldBe([AppRole.Admin, AppRole.User]);
        (await Give(AppRole.Admin, "trello", AppRole.User)).Granted.ShouldBeTrue("nothing was to change");
        (await Give(null, "trello", null)).Granted.ShouldBeTrue();
        (await Direct()).ShouldBe([null, null]);

        // A form that showed something else is refused as a whole; what stands there already as it is wanted is no quarrel.
        GiveRoles Stale(AppRole? jira) => new(Site, _liam,
            new Dictionary<string, AppRole?> { ["jira"] = jira, ["trello"] = AppRole.User }, null, By(Ada))
        {
            Seen = new Dictionary<string, AppRole?> { ["jira"] = AppRole.User, ["trello"] = null },
        };
        (await Here.Refuse(Stale(AppRole.Admin))).ShouldBeOfType<ChangedMeanwhile>();
        (await Direct()).ShouldBe([null, null]);
        await Here.Grant(Stale(null));
        (await Direct()).ShouldBe([null, AppRole.User]);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where subject_id = @id and action like 'AppRole%'",
            new { id = _liam.Value })).ShouldBe(5, "one for each that changed");
    }

    [Fact, Trait("Rule", "U13")]
    public async Task Roles_on_several_sites_are_given_together_or_not_at_all()
    {
        var (second, theirs) = (await NewSite(Acme, "second"), await NewSite(await Here.Organization("strangers"), "strange"));
        foreach (var site in (SiteId[])[second, theirs]) await Invite(site, null, null, "liam@acme.example");
        GiveRolesOnSites Give(params (SiteId Site, string App)[] places) => new(Acme,
            [.. places.Select(p => new GiveRoles(p.Site, _liam, new Dictionary<string, AppRole?> { [p.App] = AppRole.Admin }, null,
                By(Ada)))], By(Ada));
        async Task<IEnumerable<string>> Admin() => (await Here.Send(new ReadAppAccess(new(Acme), _liam))).Here
            .SelectMany(s => s.Apps.Where(a => a.Direct is AppRole.Admin).Select(a => $"{s.Name}: {a.Id}"));
        (await Here.Refuse(Give((Site, "jira"), (theirs, "jira")))).Code.ShouldBe("notFound");
        (await Here.Refuse(Give((Site, "jira"), (second, "nonsense")))).Code.ShouldBe("notFound");
        (await Admin()).ShouldBeEmpty();
        await Here.Grant(Give((Site, "jira"), (second, "trello")));
        (await Admin()).ShouldBe(["second: trello", "team: jira"], ignoreOrder: true);
    }

    [Fact, Trait("Rule", "U7"), Trait("Rule", "A15")]
    public async Task An_address_that_the_person_cannot_change_is_not_suggested_nor_accepted()
    {
        var proposal = new Dictionary<AccountDetail, string?> { [AccountDetail.JobTitle] = "Consultant" };
        var theirs = await Here.Account("theirs@globex.example", managedBy: await Here.Organization("elsewhere"));
        await Invite(Site, JiraUser, null, "theirs@globex.example");
        (await Here.Refuse(new SuggestDetails(Acme, theirs, proposal, By(Ada)) { Email = "new@mail.example" }))
            .ShouldBeOfType<InvalidValue>().Field.ShouldBe("email");
        await Here.Grant(new SuggestDetails(Acme, theirs, proposal, By(Ada)));

        // Claimed between the suggestion and the answer.
        var late = await User("late@acme.example");
        await Here.Grant(new SuggestDetails(Acme, late, proposal, By(Ada)) { Email = "late@mail.example" });
        var waiting = (await Here.Send(new ReadSuggestions(late))).Single();
        await Here.Grant(new ClaimPerson(Acme, late, By(Ada)));
        (await Here.Refuse(new AnswerSuggestion(late, waiting.Id, true, By(late)))).ShouldBeOfType<ManagedByOrganization>();
        (await Here.Grant(new ReadProfile(late, null, late)))[AccountDetail.JobTitle].Value.ShouldBeNull("nothing is half accepted");
        (await Here.Send(new ReadSuggestions(late))).Single().Id.ShouldBe(waiting.Id);
        await Here.Grant(new AnswerSuggestion(late, waiting.Id, false, By(late)));
    }

    [Fact, Trait("Rule", "M9")]
    public async Task The_file_has_a_column_for_each_app_that_names_the_sites()
    {
        await Invite(await NewSite(Acme, "second"), JiraUser, null, "liam@acme.example");
        using var file = new MemoryStream();
        using (var trips = new RoundTrips(Here))
        {
            await Here.Grant(new StreamExport(Acme, new(ManagedAccountFilter.Everybody), By(Ada), file));
            trips.Sent.ShouldContain(sql => sql.Contains("apps.sites", StringComparison.Ordinal));
            trips.Sent.ShouldAllBe(sql => !sql.Contains("jira", StringComparison.Ordinal), "values are parameters");
        }
        var lines = System.Text.Encoding.UTF8.GetString(file.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldEndWith("Idle session duration,Jira,Trello");
        lines.Single(l => l.StartsWith("Liam", StringComparison.Ordinal)).ShouldEndWith(",second; team; theirs (globex),");
        lines.Single(l => l.StartsWith("Nora", StringComparison.Ordinal)).ShouldEndWith(",,team");
        lines.Single(l => l.StartsWith("Idle", StringComparison.Ordinal)).ShouldEndWith(",theirs (globex),");

        // One more column for each app, on request: the day of its last use, wherever it was.
        await Here.Grant(new MayEnterApp($"{Site}", "jira", _liam));
        using var withUse = new MemoryStream();
        await Here.Grant(new StreamExport(Acme, new(ManagedAccountFilter.Everybody) { LastUse = true }, By(Ada), withUse));
        lines = System.Text.Encoding.UTF8.GetString(withUse.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldEndWith("Idle session duration,Jira,Jira last used,Trello,Trello last used");
        lines.Single(l => l.StartsWith("Liam", StringComparison.Ordinal))
            .ShouldEndWith($",second; team; theirs (globex),{Here.Clock.GetUtcNow():yyyy-MM-dd},,");
        lines.Single(l => l.StartsWith("Nora", StringComparison.Ordinal)).ShouldEndWith(",,,team,");
    }

    [Fact, Trait("Rule", "U7")]
    public async Task A_suggestion_changes_nothing_before_the_person_accepts_it()
    {
        var jane = await User("jane@mail.example");
        var proposal = new Dictionary<AccountDetail, string?> { [AccountDetail.JobTitle] = "Consultant", [AccountDetail.Name] = " " };
        (await Here.Refuse(new SuggestDetails(Acme, _liam, proposal, By(Ada)))).ShouldBeOfType<UpdateInstead>();
        (await Here.Refuse(new SuggestDetails(Acme, jane, new Dictionary<AccountDetail, string?>(), By(Ada))))
            .ShouldBeOfType<NothingSuggested>();
        (await Here.Refuse(new SuggestDetails(await Here.Organization("strangers"), jane, proposal, By(Ada)))).Code.ShouldBe("notFound");
        (await Here.Refuse(new SuggestDetails(Acme, jane, proposal, By(Ada)) { Email = "nonsense" })).ShouldBeOfType<InvalidValue>();
        await Here.Grant(new SuggestDetails(Acme, jane, proposal, By(Ada)) { Email = "jane.doe@mail.example" });
        var waiting = (await Here.Send(new ReadSuggestions(jane))).Single();
        (waiting.Email, waiting.Details.Single()).ShouldBe(("jane.doe@mail.example", new(AccountDetail.JobTitle, "Consultant")));
        (await Here.Grant(new ReadProfile(jane, null, jane)))[AccountDetail.JobTitle].Value.ShouldBeNull();
        (await Here.Refuse(new AnswerSuggestion(_nora, waiting.Id, true, By(_nora)))).Code.ShouldBe("notFound");
        await Here.Grant(new AnswerSuggestion(jane, waiting.Id, true, By(jane)));
        (await Here.Grant(new ReadProfile(jane, null, jane)))[AccountDetail.JobTitle].Value.ShouldBe("Consultant");
        (await Here.Grant(new ReadProfile(jane, null, jane))).Email.ShouldBe("jane@mail.example", "the person confirms it first");
        (await Here.Refuse(new AnswerSuggestion(jane, waiting.Id, false, By(jane)))).Code.ShouldBe("notFound");
        (await Here.Scalar<long>("select count(*) from sites.suggestion where details is not null")).ShouldBe(0, "the values are not kept");
    }
}
