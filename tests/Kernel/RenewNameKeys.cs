using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Internal.Storage;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Rows of the version before: keys as PostgreSQL's lower() made them.</summary>
[Trait("Rule", "N1"), Trait("Rule", "N2"), Trait("Rule", "R11")]
public sealed class RenewNameKeys : OnSite
{
    RenewKeys Renewal => Here.Services.GetRequiredService<RenewKeys>();

    async Task MakeOld()
    {
        foreach (var (table, key) in ((string, string)[])[("accounts.account", "name_key"), ("sites.grp", "name_key"),
            ("sites.site", "name_key"), ("security.policy", "name_key")])
            await Here.Rows<int>($"update {table} set {key} = lower(name) returning 1");
        foreach (var (table, id) in ((string, string)[])[("sites.person", "account_id"), ("sites.listed", "id")])
            await Here.Rows<int>(
                $"update {table} x set name_key = lower(a.name) from accounts.account a where a.id = x.{id} returning 1");
        await Here.Rows<int>("update accounts.search s set text = lower(a.name) || ' ' || a.email from accounts.account a "
            + "where a.id = account_id returning 1");
    }

    async Task<IReadOnlyList<string>> Managed(string typed) =>
        [.. (await Here.Grant(new ListManagedAccounts(Acme, new(Search: typed)))).Rows.Select(r => r.Name)];

    async Task<IReadOnlyList<string>> Users(string typed) =>
        [.. (await Here.Grant(new ListUsers(new(Acme, Site), new(Search: typed)))).Rows.Select(r => r.Email)];

    [Fact]
    public async Task Everybody_of_the_version_before_is_found_after_it_and_a_second_run_changes_nothing()
    {
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        await Here.Account("jl@acme.example", "José Łukasz", managedBy: Acme);
        await Invite(Site, JiraUser, null, "jl@acme.example");
        await MakeOld();
        (await Managed("jose lukasz")).ShouldBeEmpty();

        await Renewal.Run(default);

        (await Managed("jose lukasz")).ShouldBe(["José Łukasz"]);
        (await Managed("JOSÉ")).ShouldBe(["José Łukasz"]);
        (await Users("lukasz")).ShouldBe(["jl@acme.example"]);
        (await Here.Rows<string>("select s.text from accounts.search s join accounts.account a on a.id = s.account_id "
            + "where a.email = 'jl@acme.example'")).ShouldBe(["jose lukasz jl@acme.example"]);
        (await Here.Rows<string>("select value from kernel.setting where name like 'name keys of %'")).Distinct()
            .ShouldBe([$"{SearchKey.Version} done"]);
        var rows = await Here.Rows<string>("select xmin::text || id from accounts.account order by id");
        await Here.Rows<int>("delete from kernel.setting where name like 'name keys of %' returning 1");
        await Renewal.Run(default);
        (await Here.Rows<string>("select xmin::text || id from accounts.account order by id")).ShouldBe(rows);
    }

    [Fact]
    public async Task What_was_broken_off_goes_on_where_it_was()
    {
        await Here.Account("a@mail.example", "Ánna");
        await Here.Account("b@mail.example", "Bjørn");
        await MakeOld();
        var last = await Here.Scalar<Guid>("select max(id::text)::uuid from accounts.account where name = 'Ánna'");
        await Here.Rows<int>("insert into kernel.setting (name, value) values ('name keys of accounts.account', @value) returning 1",
            new { value = $"{SearchKey.Version} {last}" });

        (await Renewal.Some(NameKeys.Accounts, default)).ShouldBeTrue();
        (await Renewal.Some(NameKeys.Accounts, default)).ShouldBeFalse();

        (await Here.Rows<string>("select name_key from accounts.account where email like '%@mail.example' order by email"))
            .ShouldBe(["ánna", "bjorn\u0001bjoern"]);
    }

    [Fact]
    public async Task A_name_that_is_another_name_by_its_new_key_gets_a_number_and_the_log_says_so()
    {
        var first = await Here.Grant(new CreateGroup(Acme, "Straße", null, By(Ada)));
        await Here.Grant(new CreateGroup(Acme, "Engineering", null, By(Ada)));
        await Here.Rows<int>("insert into sites.grp (id, organization_id, name, name_key, created_at) values "
            + "('ffffffff-0000-7000-8000-000000000000', @acme, E'Engineering\u200B', E'engineering\u200B', now()), "
            + "('ffffffff-0000-7000-8000-000000000001', @acme, 'STRASSE', 'strasse old', now()) returning 1", new { acme = Acme.Value });

        await Renewal.Run(default);

        (await Here.Grant(new ListGroups(Acme, null, null, 10))).Rows.Select(g => PlainText.Normalise(g.Name))
            .ShouldBe(["Engineering", "Engineering (2)", "Straße", "STRASSE (2)"], ignoreOrder: true);
        (await Here.Rows<string>("select after->>'name' from kernel.audit_entry where action = 'NameRenumbered' order by 1"))
            .Select(PlainText.Normalise).ShouldBe(["Engineering (2)", "STRASSE (2)"]);
        (await Here.Send(new FindGroup(Acme, "STRASSE"))).ShouldBe(first);
    }
}
