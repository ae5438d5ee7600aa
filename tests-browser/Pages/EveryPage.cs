namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>What must be true of each page, whatever it is about.</summary>
[Collection(Hygiene.Demo.Name)]
public sealed class EveryPage(Stops stops)
{
    [Fact]
    public void Is_in_the_list_of_this_test()
    {
        Stops.Routes.Count.ShouldBeGreaterThan(20);
        Stops.Routes.Except(Stops.All.Select(s => s.Route)).ShouldBe(
            [
                "/o/{orgId:guid}/jobs/{jobId:guid}/cancel", // exists only while a job runs
                "/account/two-step/recovery-codes", "/account/two-step/turn-off", // only while two-step verification is on: see ProveOneself
            ], ignoreOrder: true);
    }

    /// <summary>Two windows for all pages, and all questions at once: to open a window and to load a page are what takes the time.</summary>
    [Theory, InlineData(false), InlineData(true), Trait("Rule", "S9")]
    public Task Can_be_read_by_everybody_in_light_and_dark_on_a_phone_and_from_the_keyboard(bool signedIn) => Journey.Through(stops.Installation, async go =>
    {
        var (desk, phone) = (await go.Somebody(), await go.Somebody(width: 360, theme: ColorScheme.Dark));
        if (signedIn) await desk.Enter(stops.Installation);
        if (signedIn) await phone.Enter(stops.Installation);
        var faults = new List<string>();
        foreach (var (route, path, _) in Stops.All.Where(s => s.SignedIn == signedIn))
        {
            var found = new List<string>();
            await Task.WhenAll(desk.GotoAsync(stops.Path(path)), phone.GotoAsync(stops.Path(path)));
            if (await desk.Locator("h1").CountAsync() is var headings and not 1) found.Add($"{headings} h1");
            if ((await desk.TitleAsync()).Replace("· DirectoryPlatform", "", StringComparison.Ordinal).Trim().Length < 3) found.Add("no title");
            found.AddRange((await Task.WhenAll(Look(desk, route), Look(phone, route))).SelectMany(f => f));
            if (desk.Locator("main .btn-primary, main form button").First is var deed && await deed.CountAsync() > 0) await WorkWithKeyboard.TabTo(desk, deed);
            await desk.Locator("[data-theme-toggle]").First.ClickAsync();
            found.AddRange(await desk.Obstacles(contrastOnly: true));
            await desk.Locator("[data-theme-toggle]").First.ClickAsync();
            faults.AddRange(found.Select(f => $"{route}: {f}"));
        }
        faults.ShouldBeEmpty(string.Join('\n', faults));
    });

    static async Task<IReadOnlyList<string>> Look(IPage page, string route)
    {
        var found = new List<string>(await page.Obstacles());
        var width = page.ViewportSize!.Width;
        if (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")) found.Add($"{width} px is not wide enough");
        if (Environment.GetEnvironmentVariable("PICTURES") is { } folder) await page.ScreenshotAsync(new() { Path = $"{folder}/{string.Concat(route.Where(c => char.IsLetter(c) || c == '/')).Replace('/', '_')}-{width}.png", FullPage = true });
        return found;
    }
}
