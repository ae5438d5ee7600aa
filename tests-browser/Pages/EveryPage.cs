using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Browser.Hygiene;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>What must be true of each page, whatever it is about.</summary>
public sealed class EveryPage
{
    /// <summary>At once, of each way: while a page is on its way to one window, another is looked at. A window costs as much as six
    /// pages.</summary>
    static readonly int Windows = Proof.Size(1, 2);

    /// <summary>In CSS pixels; the desk's window at 200 and at 400 % is as wide as the latter two (WCAG 2.2, 1.4.4 and 1.4.10).</summary>
    const int Desk = 1280, Twice = 640, Phone = 320;

    /// <summary>As wide as most phones.</summary>
    const int Pocket = 390;

    /// <summary>So many Tabs before it is asked what they came by.</summary>
    const int Held = 10;

    [Fact]
    public void Is_in_the_list_of_this_test()
    {
        Stops.Routes.Count.ShouldBeGreaterThan(20);
        Stops.Routes.Except(Stops.All.Select(s => s.Route)).ShouldBe(
            [
                "/o/{orgId:guid}/jobs/{jobId:guid}/cancel", // exists only while a job runs
                // only while two-step verification is on: see ProveOneself
                "/account/two-step/recovery-codes", "/account/two-step/turn-off",
            ], ignoreOrder: true);
    }

    /// <summary>
    /// Each page is read; in the small size as many are drawn as show every kind of element and each class of it, each in one of two
    /// ways, the next in the other; whole, each page in all four. Few windows for all, and all questions at one loading: both take their
    /// time.
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
            var reader = await Window(new(ColorScheme.Light, Desk));
            await reader.GotoAsync("/sign-in");
            var read = new List<Markup>();
            foreach (var stop in pages) read.Add(await Markup.Of(reader, stop.Route, stops.Path(stop.Path)));
            foreach (var page in read)
            {
                page.Parts.Count.ShouldBeGreaterThan(10, page.Route);
                foreach (var fault in page.Faults.Concat(Cut(page.Classes)).Concat(page.Posts.Where(to => !Posts.Take(to))
                    .Select(to => $"a form posts to {to}, which takes nothing"))) faults.Enqueue($"{page.Route}: {fault}");
            }
            var drawn = Proof.Whole ? read : Markup.ThatShowEverything(read);
            drawn.SelectMany(p => p.Parts).ToHashSet().SetEquals(read.SelectMany(p => p.Parts)).ShouldBeTrue();
            var looked = 0;
            await Task.WhenAll(ways.SelectMany((way, turn) =>
            {
                var left = new ConcurrentQueue<Markup>(drawn.Where((_, i) => Proof.Whole || i % ways.Length == turn));
                return Enumerable.Range(0, Windows).Select(async _ =>
                {
                    var window = await Window(way);
                    await window.ReadsAll();
                    while (left.TryDequeue(out var page))
                    {
                        foreach (var fault in await Look(window, page, way)) faults.Enqueue($"{page.Route}: {fault}");
                        Interlocked.Increment(ref looked);
                    }
                });
            }));
            looked.ShouldBe(Proof.Whole ? ways.Length * pages.Count : drawn.Count);
            faults.ShouldBeEmpty(string.Join('\n', faults));

            async Task<IPage> Window(Way way)
            {
                var page = await go.Somebody(width: way.Width, theme: way.Theme, anew: true);
                if (signedIn) await page.Enter(stops.Installation);
                return page;
            }
        });
    }

    [Fact]
    public async Task Is_told_what_is_wrong_in_its_markup() => await Journey.Through(await Installation.OfAll, async go =>
    {
        var reader = await go.Somebody();
        await reader.GotoAsync("/sign-in");
        var faults = (await Markup.Read(reader, "planted", """
            <html><head><title>A page</title></head><body><main><h1>One</h1><h1>Two</h1><p id="twice"></p><p id="twice"></p><img src="x">
            <input id="bare"><label for="nothing">Name</label><label for="good">Good</label><input id="good" aria-describedby="twice">
            <a href="/x"><i></i></a><button aria-label="Close"></button></main></body></html>
            """)).Faults;
        faults.ShouldBe(
        [
            "2 h1", "2 elements have the id twice", "for points at nothing, which is not there", "<img src=\"x\"> has no text in its place",
            "<input id=\"bare\"> has no label", "<a href=\"/x\"><i></i></a> has no name",
        ], ignoreOrder: true);
    });

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
            await page.OpenOwnMenu();
            await page.Locator("[data-theme-toggle]").ClickAsync();
            await Assertions.Expect(root).ToHaveAttributeAsync("data-bs-theme", "dark");
            (await page.Obstacles()).ShouldBeEmpty();
            await page.GotoAsync("/account/password");
            await Assertions.Expect(root).ToHaveAttributeAsync("data-bs-theme", "dark");
        });
    }

    /// <summary>Those that show addresses, paths and what providers sent as facts.</summary>
    static readonly string[] WithAddresses =
    [
        "/api-reference", "/o/{acme}/members/{provisioned}", "/o/{acme}/sites", "/o/{acme}/sites/{site}", "/o/{acme}/single-sign-on",
        "/o/{acme}/identity-providers/{directory}", "/o/{acme}/settings/mail",
    ];

    [Fact]
    public async Task Breaks_an_address_between_its_parts_and_no_word_of_it()
    {
        var stops = await Stops.Ready;
        await Journey.Through(stops.Installation, async go =>
        {
            var page = await go.Somebody();
            await page.Enter(stops.Installation);
            foreach (var path in WithAddresses.Select(stops.Path))
            {
                await page.GotoAsync(path);
                page.Url.ShouldEndWith(path);
                foreach (var width in (int[])[Desk, Pocket])
                {
                    await page.SetViewportSizeAsync(width, 900);
                    (await page.Broken("main")).ShouldBeEmpty($"{path} at {width}");
                    (await page.TooWide()).ShouldBeNull($"{path} at {width}");
                }
            }
            // The places to break add nothing to the text; without them the last page has a word that is broken.
            const string Address = "a.very.long.address.that.nobody.has@engineering.acme.example";
            await Assertions.Expect(page.Locator("td.cell-name", new() { HasText = Address })).ToHaveTextAsync(Address);
            await page.EvaluateAsync("""
                () => {
                  document.querySelectorAll('main wbr').forEach(e => e.remove());
                  document.querySelector('main').normalize();
                }
                """);
            (await page.Broken("main")).ShouldContain(Address);
        });
    }

    /// <summary>How somebody sits before a page.</summary>
    readonly record struct Way(ColorScheme Theme, int Width);

    /// <summary>What axe finds, whether it fits, and on a desk what the keyboard reaches.</summary>
    static async Task<IReadOnlyList<string>> Look(IPage page, Markup stop, Way way)
    {
        var found = new List<string>();
        await page.GotoAsync(stop.Path);
        (await page.Locator("html").GetAttributeAsync("data-bs-theme"))
            .ShouldBe(way.Theme is ColorScheme.Dark ? "dark" : "light", stop.Route);
        found.AddRange(Cut(await page.EvaluateAsync<string[]>(ClassesInUse)));
        found.AddRange(await page.Obstacles());
        if (await page.TooWide() is { } wide) found.Add($"{way.Width} px is not wide enough for {wide}");
        if (way.Width == Desk)
        {
            var deed = page.Locator("main .btn-primary:visible, main form button:visible").First;
            if (await deed.CountAsync() > 0) await TabAcross(page, deed);
            foreach (var width in (int[])[Phone, Twice])
            {
                await page.SetViewportSizeAsync(width, 900);
                if (await page.TooWide() is { } narrow) found.Add($"{width} px is not wide enough for {narrow}");
            }
            await page.SetViewportSizeAsync(Desk, 900);
        }
        found.AddRange(await page.CutOff());
        return found;
    }

    /// <summary>The classes of the style sheet before and after what no page uses was cut from it.</summary>
    static readonly Lazy<HashSet<string>> Known = new(() => Classes("node_modules/@tabler/core/dist/css/tabler.min.css"));

    static readonly Lazy<HashSet<string>> Shipped = new(() => Classes("web/wwwroot/lib/tabler.min.css"));

    static IEnumerable<string> Cut(IEnumerable<string> classes) =>
        classes.Where(name => Known.Value.Contains(name) && !Shipped.Value.Contains(name))
            .Select(name => $"the class {name} was cut from the style sheet");

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
}
