using System.Net;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The organization's list exports all sites or one of them, whose people have a status of their own there.</summary>
[Trait("Rule", "U8"), Trait("Rule", "U15")]
public sealed class ExportFromTheOrganizationsList : OnAdasPages
{
    [Fact]
    public async Task One_sites_file_that_is_larger_than_that_of_all_is_offered_by_the_sites_own_page()
    {
        var other = await NewSite(Acme, "other");
        await Here.Seed("acme.example", ExportScope.Direct + 20);
        // As invitations and suspensions write them: all are suspended on one site, and some are active on the other, so that the
        // organization's list has fewer who are suspended.
        await Here.Rows<int>("""
            with people as (select id, name_key, email from accounts.account where id <> @ada), known as (
              insert into sites.person (account_id, name_key, email) select id, name_key, email from people), suspended as (
              insert into sites.site_member (site_id, account_id, status, added_at) select @other, id, 3, now() from people)
            insert into sites.site_member (site_id, account_id, added_at) select @site, id, now() from people order by id limit 100
            """, new { ada = Ada.Value, other = other.Value, site = Site.Value });
        await Here.Rows<int>("select 1 from sites.relist(@acme, array(select distinct account_id from sites.site_member))",
            new { acme = Acme.Value });
        // As the server does by itself after so many rows.
        await Here.Rows<int>("analyze (verbose false)");
        var suspended = new UserFilter(Status: UserStatus.Suspended);
        foreach (var (site, isDirect) in ((SiteId?, bool)[])[(null, true), (other, false)])
            (await Here.Grant(new MeasureExport(Acme, ExportScope.Of(site, suspended, false)))).IsDirect.ShouldBe(isDirect, $"{site}");

        var page = $"/s/{other}/users/export?status=suspended";
        using (var led = await AdasVisitor.Get($"/o/{Acme}/users/users.csv?status=suspended&groups=list&site={other}"))
            (led.StatusCode, led.Headers.Location?.OriginalString).ShouldBe((HttpStatusCode.Redirect, page));
        (await Page(page)).ShouldContain("more than 10,000 users");
        // What was chosen on the way goes along.
        using (var led = await AdasVisitor.Get($"/o/{Acme}/users/users.csv?status=suspended&groups=columns&site={other}"))
            (led.StatusCode, led.Headers.Location?.OriginalString).ShouldBe((HttpStatusCode.Redirect, $"{page}&groups=columns"));
        (await Page($"{page}&groups=columns")).ShouldMatch("value=\"columns\"[^>]* checked");
        using var begun = await AdasVisitor.Post(page, ("groups", "list"));
        var path = begun.Headers.Location!.OriginalString;
        path.ShouldStartWith($"/s/{other}/users/jobs/");
        await Here.Walk(new JobId(Guid.Parse(path.Split('/')[^1])));
        // On the page of one job, the same things are called the same.
        (await Page(path)).ShouldSatisfyAllConditions(p => p.ShouldContain("Users by result"),
            p => p.ShouldMatch(@"The file contains 10,\d{3} users"));

        var all = await Here.Grant(new BeginExport(Acme, ExportScope.Of(null, UserFilter.Everybody, false), By(Ada)));
        await Here.Walk(all);
        (await Page($"/o/{Acme}/jobs/{all}")).ShouldSatisfyAllConditions(p => p.ShouldContain("Users by result"),
            p => p.ShouldMatch(@"The file contains 10,\d{3} rows"));
    }

    [Fact]
    public async Task The_page_says_what_a_row_is_and_where_others_may_be()
    {
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        await Here.Account("never@acme.example", managedBy: Acme);
        await User("liam@mail.example", Site, JiraUser);
        await Here.Quiet();
        var export = $"/o/{Acme}/users/export";
        (await Page(export)).ShouldSatisfyAllConditions(p => p.ShouldContain("one for each user on each site"),
            p => p.ShouldContain("role in each app, and groups"), p => p.ShouldNotContain("are kept for each site"));
        (await Page($"{export}?type=never-invited")).ShouldSatisfyAllConditions(p => p.ShouldContain("one for each account"),
            p => p.ShouldNotContain("on each site"));
        (await Page($"{export}?status=suspended")).ShouldContain("so the list of a single site can have users that match");
        (await Page($"/s/{Site}/users/export")).ShouldContain("role in each app of the site, and groups");
        // A site in the address is the one that is proposed; what is none is never all of them.
        (await Page($"{export}?site={Site}")).ShouldMatch($"<option value=\"{Site}\"[^>]* selected");
        foreach (var none in (string[])["x", $"{Guid.NewGuid()}", $"{Site}&site={Guid.NewGuid()}"])
            using (var unknown = await AdasVisitor.Get($"{export}?site={none}")) unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound, none);
        using var several = await AdasVisitor.Send(export, await AdasVisitor.Token($"/o/{Acme}/users"), ("site", ""),
            ("site", $"{Guid.NewGuid()}"), ("groups", "list"));
        several.StatusCode.ShouldBe(HttpStatusCode.NotFound, "and not a job for all");
        (await Here.Scalar<long>("select count(*) from kernel.job")).ShouldBe(0);
    }
}
