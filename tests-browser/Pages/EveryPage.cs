using System.Collections.Concurrent;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>What must be true of each page, whatever it is about.</summary>
public sealed class EveryPage
{
    /// <summary>At once: while a page is on its way to one window, another is looked at.</summary>
    const int Windows = 3;

    const int Desk = 1280, Phone = 360;

    /// <summary>So many Tabs before it is asked what they came by.</summary>
    const int Held = 10;

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

    /// <summary>Few windows for all pages, and all questions at one loading: to open a window and to load a page take their time.</summary>
    [Theory, InlineData(false), InlineData(true), Trait("Rule", "S9")]
    public async Task Can_be_read_by_everybody_in_light_and_dark_on_a_phone_and_from_the_keyboard(bool signedIn)
    {
        var stops = await Stops.Ready;
        await Journey.Through(stops.Installation, async go =>
        {
            var windows = new List<IPage>();
            for (var i = 0; i < Windows; i++) windows.Add(await go.Somebody());
            foreach (var window in windows)
            {
                if (signedIn) await window.Enter(stops.Installation);
                await window.ReadsAll();
            }
            var left = new ConcurrentQueue<(string Route, string Path, bool)>(Stops.All.Where(s => s.SignedIn == signedIn));
            var faults = new ConcurrentQueue<string>();
            await Task.WhenAll(windows.Select(async window =>
            {
                while (left.TryDequeue(out var stop))
                    foreach (var fault in await Look(window, stops.Path(stop.Path), stop.Route)) faults.Enqueue($"{stop.Route}: {fault}");
            }));
            left.ShouldBeEmpty();
            faults.ShouldBeEmpty(string.Join('\n', faults));
        });
    }

    /// <summary>In light on a desk, by keyboard, in dark, and in dark on a phone.</summary>
    static async Task<IReadOnlyList<string>> Look(IPage page, string path, string route)
    {
        var found = new List<string>();
        await page.SetViewportSizeAsync(Desk, 900);
        await page.GotoAsync(path);
        if (await page.Locator("h1").CountAsync() is var headings and not 1) found.Add($"{headings} h1");
        if ((await page.TitleAsync()).Replace("· DirectoryPlatform", "", StringComparison.Ordinal).Trim().Length < 3) found.Add("no title");
        found.AddRange(await Read(page, route, "light"));
        var deed = page.Locator("main .btn-primary, main form button").First;
        if (await deed.CountAsync() > 0) await TabAcross(page, deed);
        await page.Locator("[data-theme-toggle]").First.ClickAsync();
        found.AddRange(await page.Obstacles(contrastOnly: true));
        await page.SetViewportSizeAsync(Phone, 900);
        found.AddRange(await Read(page, route, "dark"));
        // The next page is as if nobody had chosen a theme.
        await page.EvaluateAsync("() => localStorage.clear()");
        return found;
    }

    /// <summary>As with Tab held down, until it has come by; what has the focus must show it.</summary>
    static async Task TabAcross(IPage page, ILocator target)
    {
        await target.EvaluateAsync("""
            e => e.addEventListener('focus', () => {
              const style = getComputedStyle(e);
              e.shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
            })
            """);
        for (var i = 0; i < WorkWithKeyboard.Patience; i += Held)
        {
            await Task.WhenAll(Enumerable.Range(0, Held).Select(_ => page.Keyboard.PressAsync("Tab")));
            if (await target.EvaluateAsync<bool?>("e => e.shown ?? null") is not { } shown) continue;
            shown.ShouldBeTrue($"the focus on {target} cannot be seen");
            return;
        }
        throw new TimeoutException($"The keyboard does not reach {target}.");
    }

    static async Task<IReadOnlyList<string>> Read(IPage page, string route, string theme)
    {
        var found = new List<string>(await page.Obstacles());
        var width = page.ViewportSize!.Width;
        (await page.Locator("html").GetAttributeAsync("data-bs-theme")).ShouldBe(theme, route);
        if (await page.IsTooWide()) found.Add($"{width} px is not wide enough");
        if (Environment.GetEnvironmentVariable("PICTURES") is { } folder)
        {
            var name = string.Concat(route.Where(c => char.IsLetter(c) || c == '/')).Replace('/', '_');
            await page.ScreenshotAsync(new() { Path = $"{folder}/{name}-{width}.png", FullPage = true });
        }
        return found;
    }
}
