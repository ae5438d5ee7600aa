using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Who becomes an admin, who is one no longer, and the one who stays (SPEC S7, A8).</summary>
[Trait("Rule", "S7")]
public sealed class AppointAdminsTests : OnInstallation
{
    OrganizationId _acme;
    AccountId _ada;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _acme = await Here.Organization("acme");
        _ada = await Here.Admin(_acme, "ada@acme.example");
    }

    Task<Outcome<AccountView>> Appoint(string? email) => Here.Send(new AppointAdmin(_acme, email, By(_ada)));

    async Task<string[]> MailsTo(string email) =>
        [.. await Here.Rows<string>("select template from kernel.mail where recipient = @email order by created_at", new { email })];

    [Fact]
    public async Task An_active_account_managed_or_not_becomes_an_admin_is_told_and_stands_on_the_page_with_the_day_and_the_appointer()
    {
        await Here.StartBackground();
        var (own, foreign) = (await Here.Account("liam@acme.example", "Liam", managedBy: _acme),
            await Here.Account("jane@mail.example", "Jane"));
        foreach (var email in (string[])[" LIAM@acme.example ", "jane@mail.example"]) (await Appoint(email)).Granted.ShouldBeTrue();
        (await Appoint("jane@mail.example")).Refusal.ShouldBe(new AlreadyAdmin());
        await Here.Quiet();
        (await MailsTo("jane@mail.example")).ShouldBe(["admin-appointed"]);
        var admins = await Here.Send(new ReadOrganizationAdmins(_acme));
        admins.Select(a => a.Name).ShouldBe(["Jane", "Liam", "Some Body"]);
        admins.Single(a => a.Id == foreign).ShouldSatisfyAllConditions(
            a => a.ManagedHere.ShouldBeFalse(), a => a.AppointedBy.ShouldBe("Some Body"), a =>
                a.Since!.Value.ShouldBe(Here.Clock.GetUtcNow(), TimeSpan.FromMinutes(1)), a => a.OnlyOne.ShouldBeFalse());
        admins.Single(a => a.Id == own).ManagedHere.ShouldBeTrue();
        admins.Single(a => a.Id == _ada).AppointedBy.ShouldBeNull("the platform did");
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where action = 'OrganizationAdminAppointed' and organization_id = @acme "
            + "and actor_id = @ada", new { acme = _acme.Value, ada = _ada.Value })).ShouldBe(2);
    }

    [Fact, Trait("Rule", "S1")]
    public async Task Every_other_address_gets_one_answer_so_that_nobody_learns_of_strangers_accounts()
    {
        var globex = await Here.Organization("globex");
        await Here.Account("unverified@mail.example", verified: false);
        await Here.Grant(new DeactivateAccount(await Here.Account("gone@globex.example", managedBy: globex), globex, null, null, false,
            TestInstallation.Console));
        await Here.Grant(new ScheduleDeletion(await Here.Account("leaving@globex.example", managedBy: globex), globex,
            TestInstallation.Console));
        foreach (var email in (string[])["nobody@mail.example", "unverified@mail.example", "gone@globex.example", "leaving@globex.example"])
            (await Appoint(email)).Refusal.ShouldBe(new NoActiveAccount(), email);
        foreach (var email in (string?[])[null, "", "no address", "a\0b@mail.example", new('a', 5_000)])
            (await Appoint(email)).Refusal.ShouldBeOfType<InvalidValue>(email);
    }

    [Fact, Trait("Rule", "A8")]
    public async Task Whoever_is_removed_is_told_loses_the_role_at_once_and_the_last_one_who_can_act_stays()
    {
        await Here.StartBackground();
        (await Here.Refuse(new RemoveAdmin(_acme, _ada, By(_ada)))).ShouldBe(new LastOrganizationAdmin());
        var liam = await Here.Account("liam@acme.example", managedBy: _acme);
        await Here.Grant(new AppointAdmin(_acme, "liam@acme.example", By(_ada)));
        await Here.Grant(new DeactivateAccount(liam, _acme, null, null, false, By(_ada)));
        (await Here.Refuse(new RemoveAdmin(_acme, _ada, By(_ada)))).ShouldBe(new LastOrganizationAdmin(), "the other one cannot act");
        (await Here.Send(new ReadOrganizationAdmins(_acme))).Where(a => a.OnlyOne).Select(a => a.Id).ShouldBe([_ada]);
        await Here.Grant(new ReactivateAccount(liam, _acme, By(_ada)));
        await Here.Grant(new RemoveAdmin(_acme, liam, By(_ada)));
        (await Here.Grant(new ReadAccount(liam))).AdminOf.ShouldBeEmpty();
        (await Here.Refuse(new RemoveAdmin(_acme, liam, By(_ada)))).ShouldBe(new NotAdmin());
        (await Here.Refuse(new RemoveAdmin(_acme, new(Guid.NewGuid()), By(_ada))))
            .ShouldBe(new NotAdmin(), "a foreign id and an unknown one are answered alike");
        await Here.Grant(new AppointAdmin(_acme, "liam@acme.example", By(_ada)));
        await Here.Grant(new RemoveAdmin(_acme, _ada, By(_ada)));
        await Here.Quiet();
        (await MailsTo("liam@acme.example")).Where(t => t.StartsWith("admin", StringComparison.Ordinal))
            .ShouldBe(["admin-appointed", "admin-dismissed", "admin-appointed"]);
        (await Here.Scalar<bool>("""
            select (letter->>'byYourself')::boolean from kernel.mail
            where recipient = 'ada@acme.example' and template = 'admin-dismissed'
            """)).ShouldBeTrue();
    }

    [Fact, Trait("Rule", "A8")]
    public async Task Two_admins_who_remove_each_other_at_once_leave_one()
    {
        var liam = await Here.Account("liam@acme.example");
        await using var other = Here.AnotherNode();
        for (var round = 0; round < Proof.Size(5, 10); round++)
        {
            var admins = (await Here.Send(new ReadOrganizationAdmins(_acme))).Select(a => a.Id).ToHashSet();
            foreach (var missing in ((AccountId[])[_ada, liam]).Where(a => !admins.Contains(a)))
                await Here.Grant(new AppointOrganizationAdmin(missing, _acme, TestInstallation.Console));
            var outcomes = await Task.WhenAll(Here.Send(new RemoveAdmin(_acme, liam, By(_ada))),
                other.Send(new RemoveAdmin(_acme, _ada, By(liam))));
            outcomes.Count(o => o.Granted).ShouldBe(1);
            outcomes.Single(o => !o.Granted).Refusal.ShouldBe(new LastOrganizationAdmin());
        }
    }

    [Fact, Trait("Rule", "A8")]
    public async Task Whoever_looks_at_an_admins_profile_waits_for_no_turn_about_admins()
    {
        await Here.VerifiedDomain(_acme, "acme.example", automatic: false);
        await Here.Grant(new ClaimAccount(_ada, _acme, "acme.example", true, TestInstallation.Console));
        await using var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var turn = await connection.BeginTransactionAsync();
        // What a turn about one of the organization's admins holds to its end; that it is this, a second turn shows, which waits.
        await using (var held = new NpgsqlCommand($"select pg_advisory_xact_lock(hashtextextended('admins:{_acme.Value}', 0))", connection,
            turn)) await held.ExecuteNonQueryAsync();
        var removing = Task.Run(() => Here.Send(new RemoveAdmin(_acme, _ada, By(_ada))));
        await TestInstallation.Others(async () => removing.IsCompleted || await Here.Scalar<bool>("""
            select exists (select from pg_locks where locktype = 'advisory' and not granted
              and database = (select oid from pg_database where datname = current_database()))
            """), what: "nobody waits");
        removing.IsCompleted.ShouldBeFalse("a turn about admins does not wait for another");
        var profile = await Here.Grant(new ReadManagedAccount(_acme, _ada, _ada)).WaitAsync(TimeSpan.FromSeconds(30));
        profile.Actions.Single(a => a.Action is AccountAction.Deactivate).Refusal.ShouldBeOfType<Yourself>();
        await turn.RollbackAsync();
        (await removing).Refusal.ShouldBe(new LastOrganizationAdmin());
    }

    [Fact, Trait("Rule", "A8")]
    public async Task A_managed_account_that_is_another_organizations_last_admin_is_protected_in_words_that_say_so()
    {
        var globex = await Here.Organization("globex");
        var gus = await Here.Account("gus@acme.example", managedBy: _acme);
        await Here.Grant(new AppointOrganizationAdmin(gus, globex, TestInstallation.Console));
        (await Here.Refuse(new DeactivateAccount(gus, _acme, null, null, false, By(_ada))))
            .ShouldBe(new LastOrganizationAdmin(Elsewhere: true));
        (await Here.Refuse(new ScheduleDeletion(gus, _acme, By(_ada)))).ShouldBe(new LastOrganizationAdmin(Elsewhere: true));
    }

    [Fact, Trait("Rule", "S8")]
    public void The_table_has_a_row_for_each_permission_and_the_gate_decides_by_it()
    {
        PermissionTable.Rows.Select(r => r.Permission).ShouldBe(Enum.GetValues<Permission>());
        PermissionTable.Rows.ShouldAllBe(r => r.Words.Length > 10 && r.Roles.Count > 0);
        var (ours, theirs) = (new OrganizationId(Guid.NewGuid()), new OrganizationId(Guid.NewGuid()));
        Visitor Somebody(params OrganizationId[] adminOf) => new(new(Guid.NewGuid()), Guid.NewGuid(), "p@mail.example", "P", adminOf);
        SiteRoles nothing = new(ours, false, []);
        (string Who, Visitor? Visitor, SiteRoles OnSite, Role Role)[] people =
        [
            ("nobody", null, nothing, Role.Anybody), ("a person", Somebody(), nothing, Role.Person),
            ("another organization's admin", Somebody(theirs), nothing, Role.Person),
            ("the admin", Somebody(ours), nothing, Role.OrganizationAdmin),
            ("a site admin", Somebody(), nothing with { SiteAdmin = true }, Role.SiteAdmin),
            ("a user access admin", Somebody(), nothing with { AccessAdminOf = ["jira"] }, Role.AccessAdmin),
        ];
        foreach (var row in PermissionTable.Rows)
            foreach (var (who, visitor, onSite, role) in people)
                visitor.Allows(row.Permission, row.Scope is PermissionScope.Nothing ? null : ours,
                    row.Scope is PermissionScope.Site ? onSite : null).ShouldBe(row.Roles.Contains(role), $"{who}: {row.Permission}");
        people[3].Visitor.Allows(Permission.ManageAdmins, null).ShouldBeFalse("without an organization nobody is its admin");
    }
}
