using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What a site's admin is shown and may send does not depend on how the site's id is written.</summary>
[Trait("Rule", "U1"), Trait("Rule", "S8")]
public sealed class KeepToOneSite : OnSite
{
    const string Password = "correct horse battery";

    [Theory, InlineData("D", "users"), InlineData("N", "users"), InlineData("D", "Users"), InlineData("N", "USERS")]
    public async Task A_list_of_people_on_a_site_is_never_one_of_the_organizations_accounts(string id, string users)
    {
        var sam = await User("sam@mail.example", Site, JiraUser);
        await Here.Grant(new AppointSiteAdmin(Site, null, "sam@mail.example", By(Ada)));
        await Here.Grant(new GivePassword([sam], Password));
        await Here.Grant(new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Only for admins" }, TestInstallation.Console));
        await using var node = await WholeSite.On(Here);
        using var visitor = node.Somebody();
        await visitor.SignIn("sam@mail.example", Password);
        var path = $"/s/{Site.Value.ToString(id)}/{users}/change-list";
        var page = await (await visitor.Get(path)).Content.ReadAsStringAsync();
        page.ShouldContain("suspend");
        page.ShouldNotContain("Only for admins");
        page.ShouldNotContain("unclaim");
        using var sent = await visitor.Send(path, SiteVisitor.TokenOf(page), ("Input.Action", "unclaim"),
            ("Input.Text", "sam@mail.example"));
        sent.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Here.Scalar<long>("select count(*) from kernel.bulk_draft")).ShouldBe(0);
        using var begun = await visitor.Send(path, SiteVisitor.TokenOf(page), ("Input.Action", "suspend"),
            ("Input.Text", "sam@mail.example"));
        begun.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Scalar<Guid>("select site_id from kernel.bulk_draft")).ShouldBe(Site.Value);
    }

    [Fact, Trait("Rule", "U9")]
    public async Task A_sites_admin_resumes_the_own_jobs_and_none_of_an_organization_admin()
    {
        var sam = await User("sam@mail.example", Site, JiraUser);
        var liam = await User("liam@mail.example", Site, JiraUser);
        await Here.Grant(new AppointSiteAdmin(Site, null, "sam@mail.example", By(Ada)));
        await Here.Grant(new GivePassword([sam], Password));
        await using var node = await WholeSite.On(Here);
        using var visitor = node.Somebody();
        await visitor.SignIn("sam@mail.example", Password);
        var token = await visitor.Token("/account/api-tokens");
        foreach (var (by, change, resumes) in ((AccountId, MembershipChange, bool)[])[
            (Ada, MembershipChange.Suspend, false), (sam, MembershipChange.Restore, true)])
        {
            var draft = await Here.Grant(new DraftChange(Acme, Site, change, [liam], By(by)));
            var job = await Here.Grant(new ConfirmBulk(Acme, draft, null, null, false, false, null, By(by)) { Site = Site });
            await Here.Until(async () => (await Here.Grant(new ReadJob(Acme.Value, job))).Ended, what: "the job did not end");
            // As if it had been cancelled at its end: a job of one person ends sooner than anybody could cancel it.
            await Here.Scalar<int>("update kernel.job set state = 2 where id = @id", new { id = job.Value });
            var path = $"/s/{Site}/users/jobs/{job}";
            var page = await (await visitor.Get(path)).Content.ReadAsStringAsync();
            page.Contains("handler=Resume", StringComparison.Ordinal).ShouldBe(resumes);
            using var sent = await visitor.Send($"{path}?handler=Resume", token);
            sent.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            (await Here.Grant(new ReadJob(Acme.Value, job))).State.ShouldBe(resumes ? JobState.Done : JobState.Cancelled);
        }
    }
}
