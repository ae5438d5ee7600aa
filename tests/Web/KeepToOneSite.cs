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
}
