using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Pages.Find;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What an admin has just done or typed is what the next page shows, and in one wording.</summary>
public sealed class ShowWhatWasDone : OnAdasPages
{
    [Fact, Trait("Rule", "U1"), Trait("Rule", "M9")]
    public async Task Tabs_count_what_one_has_just_done()
    {
        async Task<string> Suspended() => Regex.Match(await Page($"/o/{Acme}/users"),
            """Suspended <span class="list-number">([0-9]+)<""").Groups[1].Value;
        var liam = await User("liam@acme.example", Site, JiraUser);
        Here.Clock.Stand();
        (await Suspended()).ShouldBe("0");
        using var done = await AdasVisitor.Post($"/o/{Acme}/users/{liam}/suspend");
        done.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Suspended()).ShouldBe("1");
    }

    [Fact, Trait("Rule", "U4"), Trait("Rule", "L3")]
    public async Task The_audit_log_says_the_status_before_and_after_a_suspension()
    {
        var liam = await User("liam@acme.example", Site, JiraUser);
        foreach (var (deed, action, before, after) in ((string, string, string, string)[])
            [("suspend", "UserSuspended", "Active", "Suspended"), ("restore", "UserRestored", "Suspended", "Active")])
        {
            using var done = await AdasVisitor.Post($"/o/{Acme}/users/{liam}/{deed}");
            done.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            var entry = await Here.Scalar<Guid>("select id from kernel.audit_entry where action = @action", new { action });
            var page = await Page($"/o/{Acme}/audit-log/{entry}");
            page.ShouldMatch($"event-before\"[^>]*>{before}</td>");
            page.ShouldMatch($"event-after\"[^>]*>{after}</td>");
        }
    }

    [Fact, Trait("Rule", "U12"), Trait("Rule", "C6")]
    public async Task What_was_typed_before_a_comma_stands_beside_the_result()
    {
        using var answer = await AdasVisitor.Post($"/s/{Site}/users/invite",
            ("Input.Emails", "not-an-email, Zed <zed@partner.example>\nkim@partner.example"));
        var page = await Text(answer);
        page.ShouldContain("Typed as: not-an-email, Zed <zed@partner.example>");
        Regex.Count(page, "Typed as:").ShouldBe(1, "the other address stands there as it was typed");
    }

    [Fact, Trait("Rule", "L3")]
    public async Task A_part_of_a_name_in_the_audit_log_is_answered_with_where_addresses_are_found()
    {
        foreach (var field in (string[])["actor", "person"])
        {
            var page = await Page($"/o/{Acme}/audit-log?{field}=garcia");
            page.ShouldContain(
                "Enter a full email address or an ID. To find a person’s address by name, search Managed accounts or Users.");
            page.ShouldNotContain("class=\"filter-chip\"", Case.Sensitive, "it is not applied");
        }
    }

    [Fact, Trait("Rule", "U12")]
    public async Task A_site_that_lacks_both_its_fields_is_told_both()
    {
        using var answer = await AdasVisitor.Post($"/o/{Acme}/sites/new", ("Input.Name", ""), ("Input.Url", "nowhere"));
        var page = await Text(answer);
        page.ShouldContain("input-name-error");
        page.ShouldContain("Enter a URL such as https://team.acme.example, without a path.");
    }

    [Fact, Trait("Rule", "M7")]
    public async Task Whoever_logs_out_everywhere_is_told_that_this_browser_is_meant_too()
    {
        await Here.Grant(new ClaimAccount(Ada, Acme, "acme.example", true, By(Ada)));
        var liam = await Here.Account("liam@acme.example", managedBy: Acme);
        (await Page($"/o/{Acme}/members/{Ada}/log-out")).ShouldSatisfyAllConditions(p => p.ShouldContain("this browser too"),
            p => p.ShouldContain("You can sign in again. You get an email."));
        (await Page($"/o/{Acme}/members/{liam}/log-out")).ShouldNotContain("this browser too");
    }

    [Fact, Trait("Rule", "M9")]
    public async Task A_box_that_the_address_of_an_export_ticks_can_be_unticked()
    {
        var (export, token) = ($"/o/{Acme}/members/export?lastuse=yes", await AdasVisitor.Token($"/o/{Acme}/members"));
        (await AdasVisitor.Send(export, token, ("lastuse", "yes"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await AdasVisitor.Send(export, token)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Rows<bool>("select (arguments ->> 'lastUse')::boolean from kernel.job order by id")).ShouldBe([true, false]);
    }

    [Fact, Trait("Rule", "S8")]
    public async Task The_palette_offers_in_the_words_of_buttons_and_titles()
    {
        var pages = string.Concat(new DirectoryInfo(Path.Combine(Checkout.Root.FullName, "web", "Pages"))
            .EnumerateFiles("*.cs*", SearchOption.AllDirectories).Where(f => f.Name is not ("Offers.cs" or "Ui.cshtml"))
            .Select(f => File.ReadAllText(f.FullName)));
        foreach (var offer in Offers.Actions("").Concat(Offers.SiteActions("")))
            new[] { $"> {offer.Label}<", $">{offer.Label}<", $"\"{offer.Label}\"" }.ShouldContain(
                words => pages.Contains(words, StringComparison.Ordinal), offer.Label);
        foreach (var (typed, offered) in ((string, string)[])[("claim", "Claim accounts"), ("identity", "Add identity provider"),
            ("list", "Update from list"), ("site", "Add site")])
            (await Page($"/o/{Acme}/find?q={typed}")).ShouldContain(offered);
    }
}
