using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Sites;

public sealed class ChangeMemberships : OnSite
{
    [Fact, Trait("Rule", "U4")]
    public async Task Suspending_keeps_roles_and_groups_dormant_and_restoring_gives_them_back()
    {
        var group = await Group("Developers", app: "trello");
        var other = await NewSite(Acme, "other");
        var liam = await User("liam@acme.example", roles: JiraUser, groups: group);
        await Invite(other, JiraUser, null, "liam@acme.example");
        (await Change(MembershipChange.Suspend, liam, Site)).Granted.ShouldBeTrue();
        (await Enters(liam)).Refusal.ShouldBeOfType<SuspendedOnThisSite>();
        (await Enters(liam, "trello")).Refusal.ShouldBeOfType<SuspendedOnThisSite>();
        (await Enters(liam, site: other)).Value.ShouldBe(AppRole.User, "another site stays open");
        (await Change(MembershipChange.Suspend, liam, Site)).Refusal.ShouldBeOfType<AlreadySuspended>();
        (await Change(MembershipChange.Restore, liam, Site)).Granted.ShouldBeTrue();
        (await Enters(liam)).Value.ShouldBe(AppRole.User);
        (await Enters(liam, "trello")).Value.ShouldBe(AppRole.User);
        (await Change(MembershipChange.Restore, liam, Site)).Refusal.ShouldBeOfType<NotSuspended>();
        (await Here.Rows<string>("select action from kernel.audit_entry where subject_id = @id and actor_id = @ada order by id",
            new { id = liam.Value, ada = Ada.Value })).ShouldBe(["UserAdded", "UserAdded", "UserSuspended", "UserRestored"]);
    }

    [Fact, Trait("Rule", "U5")]
    public async Task Removing_takes_roles_and_groups_and_a_new_invitation_brings_none_back()
    {
        var group = await Group("Developers");
        var elsewhere = await Group("Idle", await NewSite(Acme, "other"));
        var liam = await User("liam@acme.example", roles: JiraUser, groups: [group, elsewhere]);
        var preview = await Here.Send(new PreviewMembership(Acme, Site, [liam], MembershipChange.Remove, Ada));
        preview.Will.ShouldBe([liam], "what the confirmation says");
        preview.Grants.ShouldBe(1);
        preview.Groups.ShouldBe(["Developers", "Idle"], "the last site takes all groups along");
        (await Change(MembershipChange.Remove, liam, Site)).Granted.ShouldBeTrue();
        (await Enters(liam)).Refusal.ShouldBeOfType<NotOnThisSite>();
        (await Here.Scalar<long>("select count(*) from sites.group_member")).ShouldBe(0);
        (await Invite(Site, null, null, "liam@acme.example")).Single().Outcome.Value.ShouldBe(InvitedHow.InAtOnce);
        (await Enters(liam)).Refusal.ShouldBeOfType<NoAccessToApp>();
        (await Here.Send(new ReadAccount(liam))).Value.State.ShouldBe(AccountState.Active, "the account lives on");
    }

    [Fact, Trait("Rule", "U5")]
    public async Task Groups_that_open_nothing_here_stay_while_another_site_is_left()
    {
        var other = await NewSite(Acme, "other");
        var (here, there) = (await Group("Here"), await Group("There", other));
        var liam = await User("liam@acme.example", groups: [here, there]);
        await Invite(other, null, null, "liam@acme.example");
        (await Change(MembershipChange.Remove, liam, Site)).Granted.ShouldBeTrue();
        (await Here.Rows<Guid>("select group_id from sites.group_member")).ShouldBe([there.Value]);
        (await Enters(liam, site: other)).Granted.ShouldBeTrue();
    }

    [Fact, Trait("Rule", "U9")]
    public async Task Strangers_oneself_and_foreign_sites_are_refused()
    {
        var globex = await Here.Organization("globex");
        var liam = await User("liam@acme.example");
        (await Here.Send(new ChangeMembership(globex, Site, [liam], MembershipChange.Suspend, By(Ada))))[0].Refusal
            .ShouldBeOfType<NotFound>();
        (await Change(MembershipChange.Suspend, Ada, Site)).Refusal.ShouldBeOfType<NotFound>("she is no user");
        (await Change(MembershipChange.Remove, liam, Site, by: liam)).Refusal.ShouldBeOfType<SuspendYourself>();
        (await Here.Scalar<short>("select status from sites.site_member where account_id = @id", new { id = liam.Value }))
            .ShouldBe((short)1);
    }

    [Fact, Trait("Rule", "U4")]
    public async Task A_thousand_at_once_are_one_outcome_each_and_the_list_follows()
    {
        await Here.Seed("acme.example", 1_000);
        var people = (await Here.Rows<(Guid Id, string Email)>(
            "select id, email from accounts.account where email <> 'ada@acme.example' and state = 1 order by id"))
            .Select(p => (Id: new AccountId(p.Id), p.Email)).ToList();
        var invited = await Invite(Site, JiraUser, null, [.. people.Select(p => p.Email)]);
        invited.ShouldAllBe(i => i.Outcome.Granted && i.Outcome.Value == InvitedHow.InAtOnce);
        await Change(MembershipChange.Suspend, people[3].Id, Site);
        var outcomes = await Here.Send(new ChangeMembership(Acme, Site, [.. people.Select(p => p.Id)], MembershipChange.Suspend, By(Ada)));
        outcomes.Select(o => o.Granted).ShouldBe(people.Select((_, i) => i != 3));
        (await Here.Send(new CountUsers(new(Acme, Site)))).ShouldBe(new(people.Count, 0, 0, people.Count));
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'UserSuspended'")).ShouldBe(people.Count);
        (await Here.Grant(new ListUsers(new(Acme), new(Status: UserStatus.Suspended), Size: 10))).Rows.Count.ShouldBe(10);
    }

    [Fact, Trait("Rule", "U4")]
    public async Task Twenty_admins_at_once_suspend_once()
    {
        var liam = await User("liam@acme.example");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Change(MembershipChange.Suspend, liam, Site)));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        outcomes.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal is AlreadySuspended);
    }

    [Fact, Trait("Rule", "A6")]
    public async Task An_erased_person_is_in_no_table_of_this_room()
    {
        var liam = await User("liam@mail.example", roles: JiraUser, groups: await Group("Developers"));
        await Here.Grant(new AppointSiteAdmin(Site, null, "liam@mail.example", By(Ada)));
        await Invite(await NewSite(Acme, "other"), null, null, "liam@mail.example");
        await Here.Grant(new ScheduleDeletion(liam, null, By(liam)));
        Here.Clock.Pass(TimeSpan.FromDays(15));
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(default);
        foreach (var table in await Here.Rows<string>("select format('sites.%I', tablename) from pg_tables where schemaname = 'sites'"))
            (await Here.Scalar<long>($"select count(*) from {table} t where t::text like '%{liam}%' or t::text like '%liam@mail%'"))
                .ShouldBe(0, table);
    }
}
