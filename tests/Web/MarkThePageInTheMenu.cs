using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Shared;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Which entry of the menu is marked as the one at hand.</summary>
[Trait("Rule", "U1")]
public sealed class MarkThePageInTheMenu
{
    static readonly OrganizationId Acme = new(Guid.NewGuid()), Globex = new(Guid.NewGuid());

    static string[] Marked(OrganizationId ofSite) => Marked($"/s/{Guid.NewGuid()}/users", ofSite);

    static string[] Marked(string path, OrganizationId? ofSite = null)
    {
        var visitor = new Visitor(new(Guid.NewGuid()), Guid.NewGuid(), "sam@acme.example", "Sam", [Acme]);
        var acme = new OrganizationView(Acme, "acme", "Acme");
        var frame = new Frame(visitor, [acme], acme, path, 0) { OfSite = ofSite };
        return [.. frame.Menu.SelectMany(s => s.Links).Where(l => l.IsHere).Select(l => l.Label)];
    }

    [Fact]
    public void A_sites_page_stands_under_the_users_of_the_organization_that_the_site_belongs_to()
    {
        Marked(Acme).ShouldBe(["Users"]);
        Marked(Globex).ShouldBeEmpty("the organization of the menu is another one");
    }

    [Fact]
    public void Pages_that_are_no_place_of_the_menu_stand_under_the_one_that_they_are_about()
    {
        foreach (var (page, place) in ((string, string)[])[("members/bulk", "Managed accounts"),
            ($"bulk/{Guid.NewGuid()}", "Managed accounts"), ($"claims/{Guid.NewGuid()}", "Domains"),
            ($"users/changes/{Guid.NewGuid()}", "Users"), ("delete", "Organization")])
            Marked($"/o/{Acme}/{page}").ShouldBe([place], page);
        Marked("/device").ShouldBe(["API keys"]);
        Marked($"/o/{Acme}/find").ShouldBeEmpty("the search is of the top bar");
        Marked($"/s/{Guid.NewGuid()}/find", Acme).ShouldBeEmpty();
    }
}
