using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Browser.Accounts;

/// <summary>An admin looks for accounts, sorts them, and takes a file of them home.</summary>
public sealed class FindAndExportAccounts
{
    const int People = 12_000;

    [Fact, Trait("Rule", "M1"), Trait("Rule", "M9"), Trait("Rule", "D13")]
    public Task An_admin_filters_sorts_and_exports_with_and_without_a_job() => Journey.Through(async (go, world) =>
    {
        var admin = await go.Somebody();
        // Not by the first page, which holds its numbers for half a minute.
        await admin.Enter(world);
        var home = $"/o/{world.AcmeId}";
        var everybody = await Manage(world, home.Split('/')[^1]);

        await admin.GotoAsync($"{home}/members");
        await admin.Locator(".list-more summary").ClickAsync();
        await admin.Locator("#active").SelectOptionAsync("never");
        await admin.ComesTo("active=never");
        await admin.Locator(".list-more summary").ClickAsync();
        await admin.Locator("#status").SelectOptionAsync("unverified");
        await admin.ComesTo("status=unverified");
        await Assertions.Expect(admin.Locator("a.filter-chip")).ToHaveCountAsync(2);
        await admin.Locator("a.filter-chip").Filter(new() { HasText = "Last active: never" }).ClickAsync();
        await Assertions.Expect(admin).Not.ToHaveURLAsync(new Regex("active=never"));
        admin.Url.ShouldContain("status=unverified");
        await Assertions.Expect(admin.Locator("#status")).ToHaveValueAsync("unverified");

        var small = await admin.RunAndWaitForDownloadAsync(() => admin.Click("Export CSV"));
        small.SuggestedFilename.ShouldMatch(@"^managed-accounts-\d{4}-\d\d-\d\d\.csv$");
        var lines = await File.ReadAllLinesAsync(await small.PathAsync());
        lines.Length.ShouldBeInRange(100, 1_000);
        lines.Skip(1).ShouldAllBe(l => l.Contains(",Unverified,"));

        await admin.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await admin.ComesTo("/members$");
        await admin.GetByLabel("Added until").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await admin.GotoAsync($"{home}/members?to=2000-01-01");
        await admin.Sees("No accounts match");
        await admin.Locator(".empty").GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await admin.ComesTo("/members$");

        foreach (var sort in (string[])["email", "status", "active", "added"])
        {
            await admin.Locator($"#sort-{sort}").ClickAsync();
            await admin.ComesTo($"sort={sort}");
            await Assertions.Expect(admin.Locator("th[aria-sort=ascending]")).ToHaveCountAsync(1);
            await admin.Locator($"#sort-{sort}").ClickAsync();
            await admin.ComesTo("dir=desc");
        }

        await admin.Click("Export CSV");
        await admin.ComesTo("/members/export");
        await admin.Sees("more than 10,000 accounts");
        await admin.Click("Export CSV");
        await admin.ComesTo("/jobs/");
        await admin.Sees("Done");
        await admin.Sees("can be downloaded until");
        var large = await admin.RunAndWaitForDownloadAsync(() => admin.Click("Download file"));
        (await File.ReadAllLinesAsync(await large.PathAsync())).Length.ShouldBe((int)everybody + 1);

        var phone = await go.Somebody(width: 360);
        await phone.Context.AddCookiesAsync((await admin.Context.CookiesAsync())
            .Select(c => new Cookie { Name = c.Name, Value = c.Value, Url = world.Installation.Address.ToString() }));
        await phone.GotoAsync($"{home}/members?status=active");
        await phone.GetByLabel("Sort by").SelectOptionAsync("email");
        await phone.ComesTo("sort=email");
        phone.Url.ShouldContain("status=active");
        await phone.GetByLabel("Direction").SelectOptionAsync("desc");
        await phone.ComesTo("dir=desc");
        var emails = await phone.Locator("#list tbody .who-mail").AllInnerTextsAsync();
        emails.Select(e => e.Trim()).ShouldBe(emails.Select(e => e.Trim()).OrderByDescending(e => e, StringComparer.Ordinal));

        var plain = await go.Somebody(script: false);
        await plain.Context.AddCookiesAsync((await admin.Context.CookiesAsync())
            .Select(c => new Cookie { Name = c.Name, Value = c.Value, Url = world.Installation.Address.ToString() }));
        await plain.GotoAsync(home);
        await plain.Locator("[aria-labelledby=growth] summary").ClickAsync();
        await Assertions.Expect(plain.GetByRole(AriaRole.Region, new() { Name = "Growth in numbers" }).GetByText($"{everybody:N0}").First)
            .ToBeVisibleAsync();
    });

    /// <summary>As after a claim of many, without the wait for it; one in fifty is unverified, and is not counted.</summary>
    static async Task<long> Manage(World world, string org)
    {
        await world.Query($"""
            insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by,
              claimed_at, created_at)
            select gen_random_uuid(), 1, 'person' || n || '@{world.Acme}', '{world.Acme}', 'Person ' || n, 'person ' || n,
              case when n % 50 = 0 then 0 else 1 end, n % 50 > 0, '{org}', now() - n * interval '5 minutes', now()
            from generate_series(1, {People}) n
            """);
        return (long)(await world.Query($"select count(*) from accounts.account where managed_by = '{org}' and state <> 0"))!;
    }
}
