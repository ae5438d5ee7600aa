namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>What stands around every page: the demo's line, the top bar and the menu.</summary>
public sealed class StandInOneFrame
{
    static async Task<double[]> Numbers(IPage page, string script) => await page.EvaluateAsync<double[]>(script);

    [Fact]
    public Task Lists_and_forms_begin_at_the_same_place_at_every_width() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        foreach (var width in (int[])[1280, 1440, 1920])
        {
            await ada.SetViewportSizeAsync(width, 900);
            var places = new List<double>();
            foreach (var page in (string[])["members", "groups", "policies/new", "permissions", "settings/mail"])
            {
                await ada.GotoAsync($"/o/{world.AcmeId}/{page}");
                places.AddRange(await Numbers(ada, "() => [document.querySelector('h1, .back').getBoundingClientRect().x]"));
            }
            places.Distinct().Count().ShouldBe(1, $"{width} px: {string.Join(", ", places)}");
        }
    });

    [Fact]
    public Task The_whole_menu_stands_on_720_px_and_a_short_page_is_as_high_as_the_window() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        await ada.SetViewportSizeAsync(1280, 720);
        await ada.GotoAsync($"/o/{world.AcmeId}/jobs");
        await Assertions.Expect(ada.Locator(".demo-banner")).ToBeVisibleAsync();
        var seen = await Numbers(ada, """
            () => {
              const links = [...document.querySelectorAll('.side-link')], list = document.querySelector('.side-list');
              return [links.length, Math.max(...links.map(l => l.getBoundingClientRect().bottom)), list.scrollHeight - list.clientHeight,
                document.documentElement.scrollHeight, document.querySelector('.top').getBoundingClientRect().height];
            }
            """);
        seen[0].ShouldBeGreaterThan(12);
        seen[1].ShouldBeLessThanOrEqualTo(720);
        seen[2].ShouldBe(0);
        seen[3].ShouldBe(720);
        seen[4].ShouldBe(48);
        await ada.GotoAsync($"/o/{world.AcmeId}/permissions"); // a long one
        (await Numbers(ada, "() => [document.querySelector('.top').getBoundingClientRect().height]")).ShouldBe([48]);
        // One click away, wherever the page stands.
        await ada.OpenOwnMenu();
        await Assertions.Expect(ada.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeInViewportAsync();
        (await ada.Obstacles()).ShouldBeEmpty();
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task On_a_phone_a_button_shows_the_menu_with_and_without_script(bool script) => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody(script, width: 390);
        await ada.Enter(world);
        await ada.GotoAsync($"/o/{world.AcmeId}/groups");
        var domains = ada.Locator(".side").GetByRole(AriaRole.Link, new() { Name = "Domains" });
        await Assertions.Expect(domains).Not.ToBeVisibleAsync();
        await ada.Locator("summary[aria-label=Menu]").ClickAsync();
        (await ada.TooWide()).ShouldBeNull();
        if (script) (await ada.Obstacles()).ShouldBeEmpty();
        await domains.ClickAsync();
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Domains");
    });

    [Fact]
    public Task What_can_be_scrolled_sideways_shows_it_at_the_end_where_there_is_more() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody(width: 390);
        await ada.Enter(world);
        // So narrow that the tabs do not fit, whatever their numbers.
        foreach (var (path, box, width) in ((string, string, int)[])[("permissions", ".matrix", 390), ("members", ".list-tabs ul", 260)])
        {
            await ada.SetViewportSizeAsync(width, 844);
            await ada.GotoAsync($"/o/{world.AcmeId}/{path}");
            var scrolled = ada.Locator(box);
            (await scrolled.Shadow()).ShouldBeGreaterThan(1.2, path);
            // The picture is of what was drawn last, which a busy browser has not done anew at once.
            await Patience.Until(async () =>
            {
                await scrolled.EvaluateAsync("e => { e.scrollLeft = e.scrollWidth; }");
                return await scrolled.Shadow() < 1.05;
            });
        }
    });

    /// <summary>The font is the product's own file, named by its content, and there before anything is painted.</summary>
    [Fact]
    public Task Words_are_set_in_the_shipped_font() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody(anew: true);
        var answers = new List<IResponse>();
        ada.Response += (_, answer) => answers.Add(answer);
        await ada.Enter(world);
        await ada.GotoAsync($"/o/{world.AcmeId}/jobs");
        (await ada.EvaluateAsync<bool>("() => document.fonts.ready.then(() => document.fonts.check('14px Inter'))")).ShouldBeTrue();
        var font = answers.Where(a => a.Url.EndsWith(".woff2", StringComparison.Ordinal)).ShouldHaveSingleItem(
            "the one that is preloaded is the one that the style sheet names");
        (await font.HeaderValueAsync("cache-control")).ShouldNotBeNull().ShouldContain("immutable");
    });
}
