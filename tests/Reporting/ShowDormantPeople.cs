using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Tests.Web;

namespace DirectoryPlatform.Tests.Reporting;

/// <summary>Who cannot act costs nothing and is nowhere shown as active; a membership that is kept meanwhile is dormant, and the pages say
/// so (SPEC A17).</summary>
[Trait("Rule", "A17")]
public sealed class ShowDormantPeople : OnInstallation
{
    OrganizationId _org;
    AccountId _ada, _on, _off, _leaving, _unverified;
    SiteId _site;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _org = await Here.Organization("acme");
        _ada = await Here.Admin(_org, "ada@acme.example");
        (_on, _off, _leaving) = (await Here.Account("on@acme.example", "On Duty", managedBy: _org),
            await Here.Account("off@acme.example", "Off Duty", managedBy: _org),
            await Here.Account("leaving@acme.example", "Leaving Soon", managedBy: _org));
        _unverified = await Here.Account("un@acme.example", "Un Verified", managedBy: _org);
        _site = await Here.Grant(new CreateSite(_org, "Engineering", "https://eng.example", By(_ada)));
        (await Here.Grant(new InviteUsers(_site, ["on@acme.example", "off@acme.example", "leaving@acme.example", "un@acme.example"],
            new Dictionary<string, AppRole>(), [], null, By(_ada)))).Each.ShouldAllBe(e => e.Outcome.Granted);
        await Here.Grant(new DeactivateAccount(_off, _org, null, null, false, By(_ada)));
        await Here.Grant(new ScheduleDeletion(_leaving, _org, By(_ada)));
        await Here.Rows<int>("update accounts.account set state = 0, email_verified = false where id = @id returning 1",
            new { id = _unverified.Value });
        await Here.Quiet();
    }

    [Fact]
    public async Task Only_who_can_act_is_billable_in_the_file_the_filter_and_the_api()
    {
        using var file = new MemoryStream();
        await Here.Grant(new StreamExport(_org, new(ManagedAccountFilter.Everybody), TestInstallation.Console, file));
        var rows = await IndependentCsv.Read(file.ToArray());
        rows.Skip(1).ToDictionary(r => r[1], r => (r[3], r[4], r[6])).ShouldBe(new Dictionary<string, (string, string, string)>
        {
            ["on@acme.example"] = ("Active", "yes", "Billable"),
            ["off@acme.example"] = ("Deactivated", "no", "Billable"),
            ["leaving@acme.example"] = ("Pending deletion", "no", "Billable"),
        }, ignoreOrder: true, "nobody unverified is in a file of everybody (SPEC C4)");
        async Task<IEnumerable<AccountId>> Listed(bool billable) =>
            (await Here.Grant(new ListManagedAccounts(_org, new(Billable: billable)))).Rows.Select(r => r.Id);
        (await Listed(true)).ShouldBe([_on]);
        (await Listed(false)).ShouldBe([_off, _leaving], ignoreOrder: true);
        await using var node = await WholeSite.On(Here);
        using var program = new ApiCaller(node.Somebody().Client,
            (await Here.Grant(new CreateApiKey(_org, _ada, "Program", ["accounts:read"], 7, By(_ada)))).Secret);
        var page = await program.Expect(System.Net.HttpStatusCode.OK, "GET", $"/admin/v1/orgs/{_org}/users");
        page.GetProperty("data").EnumerateArray().Where(a => a.GetProperty("access_billable").GetBoolean())
            .Select(a => a.GetProperty("email").GetString()).ShouldBe(["on@acme.example"]);
    }

    [Fact]
    public async Task A_kept_membership_is_dormant_in_the_list_on_the_site_and_in_the_profile()
    {
        foreach (var scope in (UserScope[])[new(_org), new(_org, _site)])
        {
            (await Here.Send(new CountUsers(scope))).ShouldBe(new UserCounts(4, 1, 0, 0, 3));
            async Task<IEnumerable<AccountId?>> Listed(bool dormant) =>
                (await Here.Grant(new ListUsers(scope, new(Status: UserStatus.Active) { Dormant = dormant }))).Rows.Select(r => r.Account);
            (await Listed(false)).ShouldBe([_on]);
            (await Listed(true)).ShouldBe([_off, _leaving, _unverified], ignoreOrder: true);
        }
        using var file = new MemoryStream();
        await Here.Grant(new StreamExport(_org, ExportScope.Of(_site, UserFilter.Everybody, false), By(_ada), file));
        (await IndependentCsv.Read(file.ToArray())).Skip(1).Where(r => r[3] is "Active").Select(r => r[1])
            .ShouldBe(["on@acme.example"], "nor in the file of the site");
        var group = await Here.Grant(new CreateGroup(_org, "Everybody", null, By(_ada)));
        await Here.Rows<int>("insert into sites.group_member (group_id, account_id, added_at) values (@group, @id, now()) returning 1",
            new { group = group.Value, id = _off.Value });
        await Here.Grant(new GivePassword([_ada], "correct horse"));
        await using var node = await WholeSite.On(Here);
        using var ada = node.Somebody();
        await ada.SignIn("ada@acme.example", "correct horse");
        async Task<string> Page(string path) => await (await ada.Get(path)).Content.ReadAsStringAsync();
        foreach (var path in (string[])[$"/o/{_org}/users", $"/s/{_site}/users"])
        {
            var active = await Page($"{path}?status=active");
            (active.Contains("On Duty", StringComparison.Ordinal), active.Contains("Off Duty", StringComparison.Ordinal))
                .ShouldBe((true, false), path);
            var dormant = await Page($"{path}?status=dormant");
            (dormant.Contains("On Duty", StringComparison.Ordinal), dormant.Contains("Off Duty", StringComparison.Ordinal))
                .ShouldBe((false, true), path);
            dormant.ShouldContain("<option value=\"dormant\" selected", Case.Insensitive);
        }
        foreach (var path in (string[])[$"/o/{_org}/users/{_off}", $"/s/{_site}/users/{_off}", $"/o/{_org}/members/{_off}?tab=access",
            $"/o/{_org}/groups/{group}"])
        {
            var page = await Page(path);
            page.ShouldContain(">Dormant<", Case.Sensitive, path);
            page.ShouldNotContain(">Active<", Case.Sensitive, path);
        }
        (await Page($"/o/{_org}/members/{_on}?tab=access")).ShouldNotContain("Dormant");
    }
}
