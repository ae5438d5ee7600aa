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
    public async Task The_profile_names_the_own_sites_and_of_others_only_that_there_are_any()
    {
        var liam = await Here.Send(new ReadAppAccess(Acme, _liam));
        liam.Here.Single().Apps.Select(a => (a.Id, a.Effective)).ShouldBe([("jira", AppRole.User), ("trello", null)]);
        liam.Elsewhere.ShouldBeTrue();
        (await Here.Send(new ReadAppAccess(Acme, _nora))).Elsewhere.ShouldBeFalse();
        var idle = await Here.Send(new ReadAppAccess(Acme, _idle));
        (idle.Here.Count, idle.Elsewhere).ShouldBe((0, true));
    }

    [Fact, Trait("Rule", "M9")]
    public async Task The_file_has_a_column_for_each_app_that_names_the_sites()
    {
        await Invite(await NewSite(Acme, "second"), JiraUser, null, "liam@acme.example");
        using var file = new MemoryStream();
        await Here.Grant(new StreamExport(Acme, new(ManagedAccountFilter.Everybody), By(Ada), file));
        var lines = System.Text.Encoding.UTF8.GetString(file.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldEndWith("Idle session duration,Jira,Trello");
        lines.Single(l => l.StartsWith("Liam", StringComparison.Ordinal)).ShouldEndWith(",second; team,");
        lines.Single(l => l.StartsWith("Nora", StringComparison.Ordinal)).ShouldEndWith(",,team");
        lines.Single(l => l.StartsWith("Idle", StringComparison.Ordinal)).ShouldEndWith(",,");
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
        await Here.Grant(new SuggestDetails(Acme, jane, proposal, By(Ada)));
        var waiting = (await Here.Send(new ReadSuggestions(jane))).Single();
        (await Here.Grant(new ReadProfile(jane, null, jane)))[AccountDetail.JobTitle].Value.ShouldBeNull();
        (await Here.Refuse(new AnswerSuggestion(_nora, waiting.Id, true, By(_nora)))).Code.ShouldBe("notFound");
        await Here.Grant(new AnswerSuggestion(jane, waiting.Id, true, By(jane)));
        (await Here.Grant(new ReadProfile(jane, null, jane)))[AccountDetail.JobTitle].Value.ShouldBe("Consultant");
        (await Here.Refuse(new AnswerSuggestion(jane, waiting.Id, false, By(jane)))).Code.ShouldBe("notFound");
        (await Here.Scalar<long>("select count(*) from sites.suggestion where details is not null")).ShouldBe(0, "the values are not kept");
    }
}
