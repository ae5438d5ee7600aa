using System.Globalization;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Where nothing can be done, or something else must come first, the page says so, why, and what to do next.</summary>
public sealed class SayWhatToDoNext : OnAdasPages
{
    /// <summary>What stands within the page's frame.</summary>
    async Task<string> Within(string path) => (await Page(path)).Split("<main")[1];

    [Fact, Trait("Rule", "C1")]
    public async Task A_claim_of_nobody_says_why_and_where_to_go_on()
    {
        var domain = await Here.VerifiedDomain(Acme, "lab.example", automatic: false);
        var all = $"/o/{Acme}/claims/{await Here.Grant(new BeginClaim(Acme, domain, null, By(Ada)))}";
        (await Within(all)).ShouldContain("There is no account on lab.example yet.");
        await Here.Account("n1@lab.example", managedBy: Acme);
        await Here.Account("n2@lab.example");
        await Here.Grant(new ExcludeByEmail(Acme, domain, "n2@lab.example", By(Ada)));
        var page = await Within(all);
        page.ShouldContain("No account on lab.example is left to claim.");
        // The choice for new accounts can be made all the same.
        foreach (var way in (string[])[$"/o/{Acme}/members?domain=lab.example", $"/o/{Acme}/domains/{domain}/exclusions",
            $"{all}/new-accounts"])
            page.ShouldContain($"href=\"{way}\"");
        page = await Within($"{all}/confirm");
        page.ShouldContain("only your choice for new accounts is saved");
        page.ShouldContain("Save choice for new accounts");
        page.ShouldNotContain("big-number");

        var list = $"/o/{Acme}/claims/{await Here.Grant(new BeginClaim(Acme, domain, AddressInput.Of("n1@lab.example"), By(Ada)))}";
        page = await Within(list);
        page.ShouldContain("No account in your list can be claimed now, so there is no next step.");
        page.ShouldNotContain($"href=\"{list}/new-accounts\"");
        page = await Within($"{list}/confirm");
        page.ShouldContain("there is nothing to confirm");
        page.ShouldContain($"href=\"{list}\"");
        page.ShouldNotContain("Save choice");
    }

    [Fact, Trait("Rule", "L3")]
    public async Task The_log_says_that_a_job_counts_once_where_it_does_and_draws_few_bars_narrow()
    {
        const string once = "A job counts once.";
        var domain = await Here.VerifiedDomain(Acme, "lab.example", automatic: false);
        await Here.Account("n1@lab.example");
        var draft = await Here.Grant(new BeginClaim(Acme, domain, null, By(Ada)));
        var job = await Here.Grant(new ConfirmBulk(Acme, draft, null, null, false, false, null, By(Ada)));
        await Here.Until(async () =>
            await Here.Scalar<long>("select count(*) from accounts.account where managed_by = @org", new { org = Acme.Value }) == 1);
        Here.Clock.Pass(TimeSpan.FromHours(3));
        (await Within($"/o/{Acme}/audit-log")).ShouldContain(once);
        foreach (var filter in (string[])[$"job={job}", "person=n1@lab.example"])
        {
            var page = await Within($"/o/{Acme}/audit-log?{filter}");
            page.ShouldContain("one bar for each hour");
            page.ShouldNotContain(once, customMessage: filter);
            // Four hours, or five where one has just begun.
            var width = Regex.Match(page, "class=\"event-bars\" width=\"([0-9]+)\"").Groups[1].Value;
            int.Parse(width, CultureInfo.InvariantCulture).ShouldBeInRange(1, 200);
        }
    }

    [Fact, Trait("Rule", "C10")]
    public async Task The_first_page_asks_once_for_the_next_step_and_draws_no_curve_of_a_day()
    {
        var globex = await Here.Organization("globex");
        await Here.Grant(new AppointOrganizationAdmin(Ada, globex, TestInstallation.Console));
        var domain = await Here.PublishedDomain(globex, "lab.example");
        await Here.PublishedDomain(globex, "other.example");
        var page = await Within($"/o/{globex}");
        page.ShouldContain("Verify lab.example");
        Regex.Matches(page, $"href=\"/o/{globex}/domains/{domain}\"").Count.ShouldBe(1, "the button of the first steps");
        page.ShouldContain("other.example is not verified yet");

        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        await Here.Account("n1@acme.example", managedBy: Acme);
        page = await Within($"/o/{Acme}");
        page.ShouldContain("account managed today, claimed on");
        page.ShouldNotContain("class=\"curve\"");
    }

    [Fact, Trait("Rule", "D8"), Trait("Rule", "D9")]
    public async Task A_domain_offers_first_what_comes_first_and_to_verify_it_once()
    {
        var domain = await Here.VerifiedDomain(Acme, "lab.example", automatic: false);
        await Offers("Claim accounts", "Verify now", "<dt>Verified</dt>");

        foreach (var record in await Here.Send(new ReadDemoZone()))
            if (record.Name.EndsWith("lab.example", StringComparison.Ordinal)) await Here.Grant(new RemoveDemoRecord(record.Id));
        (await Here.Grant(new VerifyDomain(Acme, domain, ProofMethod.Dns, By(Ada)))).State.ShouldBe(DomainState.MissingToken);
        await Offers("Verify now", "Verify now", "<dt>Verified</dt>", "<dt>Token missing since</dt>");

        // As after 14 days.
        await Here.Rows<int>("update domains.domain set state = 0, gave_up_at = now(), missing_since = null, warned_at = null, "
            + "next_check_at = null where id = @id returning 1", new { id = domain.Value });
        await Offers("Verify domain", "Verify domain", "<dt>Was verified</dt>", "<dt>Lost</dt>");

        async Task Offers(string first, string verify, params string[] facts)
        {
            var page = await Within($"/o/{Acme}/domains/{domain}");
            Regex.Matches(page, "<(a|button)[^>]*class=\"btn btn-primary\"[^>]*>(.*?)</\\1>").Select(m => Words(m.Groups[2].Value))
                .ShouldBe([first]);
            Regex.Matches(page, "<button[^>]*>(.*?)</button>").Select(m => Words(m.Groups[1].Value)).Where(w => w.StartsWith("Verify",
                StringComparison.Ordinal)).ShouldBe([verify]);
            foreach (var fact in facts) page.ShouldContain(fact);
            page.ShouldNotContain("Not checked yet");
        }

        static string Words(string html) => Regex.Replace(html, "<.*?>", "").Trim();
    }

    [Fact, Trait("Rule", "C4"), Trait("Rule", "D13"), Trait("Rule", "M9")]
    public async Task A_file_that_leaves_out_whom_the_list_shows_says_so_beside_its_button()
    {
        const string left = "Accounts with the status Unverified are left out";
        var domain = await Here.VerifiedDomain(Acme, "lab.example", automatic: false);
        await Here.Account("n1@lab.example", managedBy: Acme);
        await Here.Account("n2@lab.example", verified: false, managedBy: Acme);
        (await Within($"/o/{Acme}/members")).ShouldContain("1–2 of 2");
        (await Within($"/o/{Acme}/domains")).ShouldContain($"href=\"/o/{Acme}/domains/{domain}/export\"");
        foreach (var path in (string[])[$"/o/{Acme}/domains/{domain}/export", $"/o/{Acme}/members/export"])
            (await Within(path)).ShouldSatisfyAllConditions(p => p.ShouldContain(left), p => p.ShouldContain(">1 account<"));
        (await Within($"/o/{Acme}/members/export?status=unverified")).ShouldSatisfyAllConditions(p => p.ShouldNotContain(left),
            p => p.ShouldContain(">1 account<"));
    }
}
