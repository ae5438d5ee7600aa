using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>What must be true of each page, whatever it is about.</summary>
public sealed class EveryPage
{
    /// <summary>At once, of each way: while a page is on its way to one window, another is looked at.</summary>
    const int Windows = 2;

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

    /// <summary>
    /// Few windows for all pages, and all questions at one loading: to open a window and to load a page take their time. In the small size
    /// each page is looked at in one of two ways, the next page in the other; whole, each in all four.
    /// </summary>
    [Theory, InlineData(false), InlineData(true), Trait("Rule", "S9")]
    public async Task Can_be_read_by_everybody_in_light_and_dark_on_a_phone_and_from_the_keyboard(bool signedIn)
    {
        var stops = await Stops.Ready;
        var ways = Proof.Size<Way[]>(
            small: [new(ColorScheme.Light, Desk), new(ColorScheme.Dark, Phone)],
            whole:
            [
                new(ColorScheme.Light, Desk), new(ColorScheme.Dark, Phone), new(ColorScheme.Dark, Desk), new(ColorScheme.Light, Phone),
            ]);
        var pages = Stops.All.Where(s => s.SignedIn == signedIn).ToList();
        await Journey.Through(stops.Installation, async go =>
        {
            var faults = new ConcurrentQueue<string>();
            var looked = 0;
            await Task.WhenAll(ways.SelectMany((way, turn) =>
            {
                var left = new ConcurrentQueue<(string Route, string Path, bool)>(pages.Where((_, i) => Proof.Whole || i % ways.Length == turn));
                return Enumerable.Range(0, Windows).Select(async _ =>
                {
                    var page = await go.Somebody(width: way.Width, theme: way.Theme);
                    if (signedIn) await page.Enter(stops.Installation);
                    await page.ReadsAll();
                    while (left.TryDequeue(out var stop))
                    {
                        foreach (var fault in await Look(page, stops.Path(stop.Path), stop.Route, way)) faults.Enqueue($"{stop.Route}: {fault}");
                        Interlocked.Increment(ref looked);
                    }
                });
            }));
            looked.ShouldBe(Proof.Whole ? ways.Length * pages.Count : pages.Count);
            faults.ShouldBeEmpty(string.Join('\n', faults));
        });
    }

    [Fact, Trait("Rule", "S9")]
    public async Task Becomes_dark_by_a_button_and_stays_so()
    {
        var stops = await Stops.Ready;
        await Journey.Through(stops.Installation, async go =>
        {
            var page = await go.Somebody();
            await page.Enter(stops.Installation);
            await page.GotoAsync("/account");
            var root = page.Locator("html");
            await Assertions.Expect(root).ToHaveAttributeAsync("data-bs-theme", "light");
            await page.Locator("[data-theme-toggle]").First.ClickAsync();
            await Assertions.Expect(root).ToHaveAttributeAsync("data-bs-theme", "dark");
            (await page.Obstacles()).ShouldBeEmpty();
            await page.GotoAsync("/account/password");
            await Assertions.Expect(root).ToHaveAttributeAsync("data-bs-theme", "dark");
        });
    }

    /// <summary>How somebody sits before a page.</summary>
    readonly record struct Way(ColorScheme Theme, int Width);

    /// <summary>Every page in every way as to its head and its width; what axe finds, and what the keyboard reaches, in this one.</summary>
    static async Task<IReadOnlyList<string>> Look(IPage page, string path, string route, Way way)
    {
        var found = new List<string>();
        await page.GotoAsync(path);
        if (await page.Locator("h1").CountAsync() is var headings and not 1) found.Add($"{headings} h1");
        var title = await page.TitleAsync();
        if (title.Replace("· DirectoryPlatform", "", StringComparison.Ordinal).Trim().Length < 3) found.Add("no title");
        (await page.Locator("html").GetAttributeAsync("data-bs-theme")).ShouldBe(way.Theme is ColorScheme.Dark ? "dark" : "light", route);
        foreach (var name in await page.EvaluateAsync<string[]>(ClassesInUse))
            if (Known.Value.Contains(name) && !Shipped.Value.Contains(name)) found.Add($"the class {name} was cut from the style sheet");
        found.AddRange(await page.Obstacles());
        await Picture(page, route, way);
        if (await page.TooWide() is { } wide) found.Add($"{way.Width} px is not wide enough for {wide}");
        if (way.Width != Desk) return found;
        var deed = page.Locator("main .btn-primary, main form button").First;
        if (await deed.CountAsync() > 0) await TabAcross(page, deed);
        await page.SetViewportSizeAsync(Phone, 900);
        if (await page.TooWide() is { } narrow) found.Add($"{Phone} px is not wide enough for {narrow}");
        await page.SetViewportSizeAsync(Desk, 900);
        return found;
    }

    /// <summary>The classes of the style sheet before and after what no page uses was cut from it.</summary>
    static readonly Lazy<HashSet<string>> Known = new(() => Classes("node_modules/@tabler/core/dist/css/tabler.min.css"));

    static readonly Lazy<HashSet<string>> Shipped = new(() => Classes("web/wwwroot/lib/tabler.min.css"));

    static HashSet<string> Classes(string file)
    {
        var sheet = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "../../../..", file));
        return [.. Regex.Matches(sheet, @"\.(-?[A-Za-z_][\w-]*)").Select(m => m.Groups[1].Value)];
    }

    const string ClassesInUse = "() => [...new Set([...document.querySelectorAll('[class]')].flatMap(e => [...e.classList]))]";

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

    /// <summary>For whoever wants to look at all of them: into the folder that <c>PICTURES</c> names.</summary>
    static async Task Picture(IPage page, string route, Way way)
    {
        if (Environment.GetEnvironmentVariable("PICTURES") is not { } folder) return;
        var name = string.Concat(route.Where(c => char.IsLetter(c) || c == '/')).Replace('/', '_');
        await page.ScreenshotAsync(new() { Path = $"{folder}/{name}-{way.Width}-{way.Theme}.png", FullPage = true });
    }
}
