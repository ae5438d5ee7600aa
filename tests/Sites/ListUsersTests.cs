using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Sites;

[Trait("Rule", "U2"), Trait("Rule", "U1")]
public sealed class ListUsersTests : OnSite
{
    async Task<IReadOnlyList<string>> Emails(UserScope scope, UserFilter filter) =>
        [.. (await Here.Grant(new ListUsers(scope, filter))).Rows.Select(r => r.Email)];

    [Fact]
    public async Task Every_order_walks_everybody_once_there_and_back()
    {
        await Here.Seed("acme.example", 130);
        var people = await Here.Rows<string>("select email from accounts.account where state = 1 and email <> 'ada@acme.example'");
        await Invite(Site, JiraUser, null, [.. people, "one@mail.example", "two@mail.example"]);
        foreach (var scope in (UserScope[])[new(Acme), new(Acme, Site)])
            foreach (var sort in Enum.GetValues<ListSort>())
                foreach (var descending in (bool[])[false, true])
                {
                    var (seen, cursor, page) = (new List<Guid>(), (string?)null, (ListPage<UserRow>?)null);
                    do
                    {
                        page = await Here.Grant(new ListUsers(scope, null, sort, descending, cursor, 25));
                        seen.AddRange(page.Rows.Select(r => r.Id));
                        cursor = page.Next;
                    } while (cursor is not null);
                    seen.Count.ShouldBe(people.Count + 2, $"{sort} {descending}");
                    seen.Distinct().Count().ShouldBe(seen.Count);
                    var back = await Here.Grant(new ListUsers(scope, null, sort, descending, page.Previous, 25));
                    back.Rows.Select(r => r.Id).ShouldBe(seen.SkipLast(page.Rows.Count).TakeLast(25));
                }
    }

    [Fact]
    public async Task Filters_mean_what_they_say_in_a_site_and_in_the_organization()
    {
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        var other = await NewSite(Acme, "other");
        await Here.Account("managed@acme.example", "Mana Ged", managedBy: Acme);
        await Here.Account("never@acme.example", "Never Invited", managedBy: Acme);
        await Invite(Site, JiraUser, null, "managed@acme.example", "waiting@mail.example");
        var external = await User("external@mail.example", groups: await Group("Developers", app: "trello"));
        await User("elsewhere@mail.example", other);
        await Change(MembershipChange.Suspend, external, Site);
        var (org, site) = (new UserScope(Acme), new UserScope(Acme, Site));
        (await Emails(site, UserFilter.Everybody))
            .ShouldBe(["managed@acme.example", "external@mail.example", "waiting@mail.example"], ignoreOrder: true);
        (await Emails(org, UserFilter.Everybody)).Count.ShouldBe(4);
        (await Emails(site, new(Status: UserStatus.Suspended))).ShouldBe(["external@mail.example"]);
        (await Emails(site, new(Status: UserStatus.Invited))).ShouldBe(["waiting@mail.example"]);
        (await Emails(org, new(Type: UserType.Managed))).ShouldBe(["managed@acme.example"]);
        (await Emails(org, new(Type: UserType.NeverInvited))).ShouldBe(["never@acme.example"]);
        (await Emails(org, new(Type: UserType.NeverInvited, Search: "never"))).ShouldBe(["never@acme.example"]);
        (await Emails(org, new(Type: UserType.NeverInvited, Search: "mana"))).ShouldBeEmpty();
        (await Emails(site, new(Search: "GED"))).ShouldBe(["managed@acme.example"]);
        (await Emails(site, new(Search: "wa"))).ShouldBe(["waiting@mail.example"]);
        (await Emails(site, new(App: "jira"))).ShouldBe(["managed@acme.example"]);
        (await Emails(site, new(App: "trello"))).ShouldBe(["external@mail.example"]);
        (await Emails(site, new() { Domain = "mail.example" }))
            .ShouldBe(["external@mail.example", "waiting@mail.example"], ignoreOrder: true);
        (await Emails(org, new(Type: UserType.NeverInvited) { Domain = "acme.example" })).ShouldBe(["never@acme.example"]);
        (await Emails(org, new() { Domain = "example" })).ShouldBeEmpty("a domain is whole");
        (await Emails(site, new(LastActive: LastActive.Never))).Count.ShouldBe(3);
        (await Emails(new(await Here.Organization("globex")), UserFilter.Everybody)).ShouldBeEmpty();
        var row = (await Here.Grant(new ListUsers(site, new(Search: "external")))).Rows.Single();
        row.Places.ShouldBe(["Trello"]);
        (await Here.Grant(new ListUsers(org, new(Search: "waiting")))).Rows.Single().Places
            .ShouldHaveSingleItem("the site of the invitation");
        (await Here.Send(new CountUsers(org))).ShouldBe(new(4, 2, 1, 1));
    }

    [Fact]
    public async Task Names_and_addresses_follow_the_account()
    {
        var liam = await User("liam@mail.example");
        await Here.StartBackground();
        await Here.Grant(new ChangeDetail(liam, null, AccountDetail.Name, "Some Body", "Aaron Aardvark", By(liam)));
        await Here.Grant(new ChangeEmailAddress(liam, null, EmailAddress.Trusted("liam@mail.example"),
            EmailAddress.Trusted("aaron@mail.example"), null, By(liam)));
        await Here.Quiet();
        (await Here.Rows<(string, string)>("select name_key, email from sites.listed")).Distinct()
            .ShouldBe([("aaron aardvark", "aaron@mail.example")]);
        (await Emails(new(Acme, Site), new(Search: "aardvark"))).ShouldBe(["aaron@mail.example"]);
    }

    [Fact, Trait("Rule", "U2"), Trait("Rule", "U3")]
    public async Task An_address_that_is_invited_to_two_sites_is_one_row_of_the_organization()
    {
        var other = await NewSite(Acme, "other");
        await Invite(Site, null, null, "waiting@mail.example");
        Here.Clock.Pass(TimeSpan.FromHours(1));
        await Invite(other, null, null, "waiting@mail.example", "second@mail.example");
        async Task<IReadOnlyList<UserRow>> Listed(SiteId? site = null) =>
            (await Here.Grant(new ListUsers(new(Acme, site), new(Search: "waiting")))).Rows;
        var row = (await Listed()).ShouldHaveSingleItem();
        (string.Join('+', row.Places), row.InvitedTo).ShouldBe(("other+team", Site));
        ((await Listed(Site)).Count, (await Listed(other)).Count).ShouldBe((1, 1));
        (await Here.Send(new CountUsers(new(Acme)))).Invited.ShouldBe(2);
        await Here.Grant(new RevokeInvitation(Site, new(row.Id), By(Ada)));
        row = (await Listed()).ShouldHaveSingleItem("the other invitation stands for the address now");
        (string.Join('+', row.Places), row.InvitedTo).ShouldBe(("other", other));
        await Invite(Site, null, null, "waiting@mail.example");
        await Here.Grant(new RemoveSite(other, By(Ada)));
        (await Listed()).ShouldHaveSingleItem().InvitedTo.ShouldBe(Site, "the site went, and its invitations with it");
        (await Here.Rows<string>("select email from sites.listed where scope_id = @org", new { org = Acme.Value }))
            .ShouldBe(["waiting@mail.example"]);
    }

    [Fact, Trait("Rule", "U8")]
    public async Task The_file_of_a_site_has_roles_and_groups_as_a_list_or_as_columns()
    {
        var (first, second) = (await Group("Developers", role: AppRole.Admin), await Group("Writers", app: "trello"));
        // What opens nothing on the site is none of its admins' business, whose file it is.
        var elsewhere = await Group("Elsewhere", await NewSite(Acme, "other"));
        await User("liam@mail.example", roles: JiraUser, groups: [first, elsewhere, second]);
        await User("=nora@mail.example");
        async Task<string[]> File(bool columns)
        {
            using var file = new MemoryStream();
            await Here.Grant(new StreamExport(Acme, ExportScope.Of(Site, UserFilter.Everybody, columns), By(Ada), file));
            return System.Text.Encoding.UTF8.GetString(file.ToArray()).TrimStart('\uFEFF')
                .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        }
        var list = await File(false);
        list[0].ShouldBe("Name,Email,Account id,Status,Account type,Added,Last active,Jira,Trello,Groups");
        list.Single(l => l.Contains("liam@", StringComparison.Ordinal)).ShouldEndWith(",admin,user,Developers; Writers");
        list.Single(l => l.Contains("nora@", StringComparison.Ordinal)).ShouldContain("'=nora@mail.example");
        var columns = await File(true);
        columns[0].ShouldEndWith(",Jira,Trello,Developers,Writers");
        columns.Single(l => l.Contains("liam@", StringComparison.Ordinal)).ShouldEndWith(",admin,user,yes,yes");
        (await Here.Refuse(new StreamExport(await Here.Organization("globex"), ExportScope.Of(Site, UserFilter.Everybody, false), By(Ada),
            Stream.Null))).ShouldBeOfType<NotFound>();
    }
}
