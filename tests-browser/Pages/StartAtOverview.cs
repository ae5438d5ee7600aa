using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>Where an admin begins: what needs attention, numbers that lead to what they count, and the organization of last time.</summary>
public sealed class StartAtOverview
{
    const int MostClicks = 5;

    [Fact, Trait("Rule", "C10")]
    public Task Accounts_that_wait_are_claimed_in_five_clicks() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.SignInAsAdmin(world.Ada);
        await ada.GotoAsync($"/o/{world.AcmeId}/domains");
        await Assertions.Expect(ada.Locator("td").GetByRole(AriaRole.Link, new() { NameRegex = new(@"^Claim [\d,]+ ?: accounts on") })
            .First).ToHaveAttributeAsync("href", new Regex("/claim$"));
        await ada.GotoAsync($"/o/{world.AcmeId}");
        var clicks = 0;
        async Task Click(ILocator what)
        {
            clicks++;
            await what.ClickAsync();
        }
        var row = ada.Locator("[aria-labelledby=attention] li").Filter(new() { HasText = $"on {world.Acme} are not claimed" });
        var waiting = Regex.Match(await row.InnerTextAsync(), @"[\d,]+").Value;
        await Click(row.GetByRole(AriaRole.Link));
        await Click(ada.GetByRole(AriaRole.Button, new() { Name = "Next" }));
        (await ada.Locator(".big-number").InnerTextAsync()).ShouldBe(waiting, "the number is the one that the first page said");
        await Click(ada.GetByRole(AriaRole.Link, new() { Name = "Next" }));
        await Click(ada.GetByRole(AriaRole.Button, new() { Name = "Next" }));
        var confirmed = ada.Url;
        await Click(ada.Locator("form button.btn-primary"));
        await ada.Sees("Download results");
        clicks.ShouldBeLessThanOrEqualTo(MostClicks);
        // Whoever goes back is led to the job, and is not told to start again.
        await ada.GotoAsync(confirmed);
        await ada.ComesTo("/jobs/[0-9a-f-]{36}$");
    });

    [Fact, Trait("Rule", "M1")]
    public Task Every_number_leads_to_as_many_rows() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody(script: false);
        await ada.Enter(world);
        var home = $"/o/{world.AcmeId}";
        await world.Query($"""
            update accounts.account set managed_by = '{world.AcmeId}', claimed_at = now() - interval '1 day' * (1 + length(name)),
              last_active_at = now() - interval '1 day' * length(email) where domain = '{world.Acme}' and managed_by is null
            """);
        await ada.GotoAsync(home);
        var links = await ada.Locator("dd a[href*='/members?'], .meter a[href*='/members?'], a.big-number").EvaluateAllAsync<string[][]>(
            "all => all.map(a => [a.getAttribute('href'), a.innerText.match(/[\\d,]+/)[0]])");
        links.Length.ShouldBeGreaterThan(10);
        links.Select(l => l[1]).Distinct().Count().ShouldBeGreaterThan(3, "not all of them are zero");
        foreach (var link in links)
        {
            await ada.GotoAsync(link[0]);
            var place = ada.Locator("[data-place]");
            (await place.CountAsync() == 0 ? "0" : Regex.Match(await place.InnerTextAsync(), @"of ([\d,]+)").Groups[1].Value)
                .ShouldBe(link[1], link[0]);
        }
    });

    [Fact]
    public Task What_is_more_than_three_of_a_kind_is_one_row_that_says_what_is_wrong() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        for (var i = 0; i < 4; i++) await ada.AddDomain($"/o/{world.AcmeId}", $"more{i}.{world.Acme}");
        await ada.GotoAsync($"/o/{world.AcmeId}");
        var row = ada.Locator("[aria-labelledby=attention] li").Filter(new() { HasText = "more domains are not verified" });
        await Assertions.Expect(row).ToContainTextAsync("Show all");
    });

    [Fact]
    public Task Who_administers_several_is_asked_once_and_comes_back_to_the_last_one() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.SignIn(world.Ada);
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Choose an organization");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Globex" }).ClickAsync();
        await ada.ComesTo($"/{Steps.Overview}$");
        await Assertions.Expect(ada.Locator(".switcher summary")).ToContainTextAsync("Globex");
        await ada.Sees("First steps");
        (await ada.TitleAsync()).ShouldBe("Overview · Globex · DirectoryPlatform");

        await ada.SignOut();
        await ada.SignIn(world.Ada);
        await Assertions.Expect(ada.Locator(".switcher summary")).ToContainTextAsync("Globex");
        await ada.GotoAsync("/account");
        await Assertions.Expect(ada.Locator(".switcher summary")).ToContainTextAsync("Globex");
        (await ada.TitleAsync()).ShouldBe("Your account · DirectoryPlatform");
        await ada.GotoAsync($"/o/{world.AcmeId}/members");
        await ada.GotoAsync("/");
        await Assertions.Expect(ada.Locator(".switcher summary")).ToContainTextAsync("Acme");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Overview");
    });
}
