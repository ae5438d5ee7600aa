namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>The palette and the keys: whatever has a name is found from anywhere, and nothing of anybody else's (decision 0070).</summary>
public sealed class FindAndGo
{
    static ILocator Palette(IPage page) => page.Locator("dialog.palette[open]");

    static ILocator Hit(IPage page, string name) => Palette(page).GetByRole(AriaRole.Option, new() { Name = name });

    static Task Type(IPage page, string text) => Palette(page).GetByRole(AriaRole.Combobox).FillAsync(text);

    [Fact, Trait("Rule", "S8")]
    public Task People_groups_domains_pages_and_actions_are_found_from_anywhere() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        var home = $"/o/{world.AcmeId}";
        await ada.GotoAsync($"{home}/audit-log");
        await ada.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(Palette(ada)).ToBeVisibleAsync();
        (await ada.Obstacles()).ShouldBeEmpty();
        await Type(ada, "liam");
        await Assertions.Expect(Hit(ada, "Liam Novak")).ToBeVisibleAsync();
        (await ada.Obstacles()).ShouldBeEmpty();
        await Type(ada, "develop");
        await Hit(ada, "Developers").ClickAsync();
        await ada.ComesTo("/groups/");
        await Assertions.Expect(ada.Heading()).ToContainTextAsync("Developers");

        await ada.Keyboard.PressAsync("Control+k");
        await Type(ada, world.Acme);
        await Assertions.Expect(Palette(ada).GetByRole(AriaRole.Group, new() { Name = "Domains" })).ToContainTextAsync(world.Acme);
        await Type(ada, "single sign");
        await Assertions.Expect(Hit(ada, "Single sign-on")).ToBeVisibleAsync();
        await Type(ada, "deac lia");
        await Assertions.Expect(Hit(ada, "Deactivate Liam Novak")).ToHaveAttributeAsync("aria-selected", "true");
        await ada.Keyboard.PressAsync("Enter");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Deactivate Liam Novak");
        await ada.ComesTo("/groups/");
        await ada.Click("Deactivate account");
        await Assertions.Expect(ada.Locator(".toasts .notice")).ToContainTextAsync("is deactivated");
        await ada.ComesTo("/groups/");

        // The field of the bar leads there, too, and nothing found is said.
        await ada.GetByRole(AriaRole.Searchbox, new() { Name = "Find", Exact = true }).ClickAsync();
        await Type(ada, "no such thing anywhere");
        await ada.Sees("Nothing found for");
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Palette(ada)).ToHaveCountAsync(0);
    });

    [Fact, Trait("Rule", "S8"), Trait("Rule", "U9")]
    public Task A_sites_admin_finds_people_of_that_site_alone_and_whoever_administers_nothing_finds_nothing() =>
        Journey.Through(async (go, world) =>
    {
        var (ada, jane, gus) = (await go.Somebody(), await go.Somebody(), await go.Somebody());
        await ada.Enter(world);
        var site = await world.Query($"select id from sites.site where organization_id = '{world.AcmeId}' and name = 'Acme Engineering'");
        await jane.SignIn(world.Jane);
        (await jane.GotoAsync($"/o/{world.AcmeId}/find?q=liam"))!.Status.ShouldBe(404);
        (await jane.GotoAsync($"/s/{site}/find?q=liam"))!.Status.ShouldBe(404);
        await gus.SignIn(world.Gus);
        (await gus.GotoAsync($"/o/{world.AcmeId}/find?q=liam"))!.Status.ShouldBe(404);
        await world.Query($"insert into sites.site_admin (account_id, site_id, appointed_at) values ('{world.JaneId}', '{site}', now())");
        (await jane.GotoAsync($"/s/{site}/find?q=liam"))!.Status.ShouldBe(200);
        await jane.Sees("Liam Novak");
        (await jane.Locator(".hits a[href^='/o/']").CountAsync()).ShouldBe(0);
        await jane.GotoAsync($"/s/{site}/find?q=developers");
        await jane.Sees("Nothing found for");
        await jane.GotoAsync($"/s/{site}/find?q=sus+liam");
        await jane.Click("Suspend Liam Novak");
        await Assertions.Expect(jane.Heading()).ToHaveTextAsync("Suspend Liam Novak");
    });

    [Fact]
    public Task Without_script_the_same_address_is_a_page() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody(script: false);
        await ada.Enter(world);
        await ada.GotoAsync($"/o/{world.AcmeId}/domains");
        await ada.GetByRole(AriaRole.Searchbox, new() { Name = "Find", Exact = true }).FillAsync("liam");
        await ada.Keyboard.PressAsync("Enter");
        await ada.ComesTo("/find");
        await ada.Click("Liam Novak");
        await Assertions.Expect(ada.Heading()).ToContainTextAsync("Liam Novak");
        await ada.GotoAsync("/shortcuts");
        await ada.Sees("Managed accounts");
    });

    [Fact]
    public Task Keys_lead_somewhere_until_they_are_switched_off() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        await ada.GotoAsync($"/o/{world.AcmeId}/domains");
        // A letter alone leads nowhere, least of all where the page has just begun.
        (await ada.EvaluateAsync<string[]>("""
            () => [...'doup'].filter(key => !document.body.dispatchEvent(
              new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))
            """)).ShouldBeEmpty();
        await ada.Keyboard.PressAsync("g");
        await ada.Keyboard.PressAsync("m");
        await ada.ComesTo("/members$");
        await ada.Keyboard.PressAsync("/");
        await Assertions.Expect(ada.Locator("#q")).ToBeFocusedAsync();
        await ada.Keyboard.TypeAsync("gd?");
        await ada.ComesTo("q=gd");
        await ada.GotoAsync($"/o/{world.AcmeId}/domains");
        await ada.Keyboard.PressAsync("?");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Keyboard shortcuts");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Front().GetByLabel("Use single-key shortcuts").UncheckAsync();
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(ada.Locator("dialog[open]")).ToHaveCountAsync(0);
        await ada.Keyboard.PressAsync("g");
        await ada.Keyboard.PressAsync("m");
        await ada.Keyboard.PressAsync("?");
        await ada.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(Palette(ada)).ToBeVisibleAsync();
        await ada.ComesTo("/domains$");
        await ada.GotoAsync("/account");
        (await ada.GetByLabel("Use single-key shortcuts").IsCheckedAsync()).ShouldBeFalse();
    });
}
