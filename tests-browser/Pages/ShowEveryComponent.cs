namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>The page that shows every component in every state (<c>/ui</c>), as it is seen.</summary>
public sealed class ShowEveryComponent
{
    /// <summary>What WCAG 2.2 asks of the edge of a control and of what shows the focus (1.4.11), and of words (1.4.3).</summary>
    const double Edge = 3, Words = 4.5;

    /// <summary>A ghost has no edge: its words are enough.</summary>
    const string Controls = """
        main [data-measure] :is(.btn:not(.btn-ghost), .form-control, .form-select, .form-check-input), .find .form-control,
        .switcher > summary
        """;

    const string Focusable = """
        a[href]:not(.skip), button:enabled, summary, input:enabled:not([type=hidden]), select, textarea
        """;

    public static TheoryData<ColorScheme> Themes => [ColorScheme.Light, ColorScheme.Dark];

    [Theory, MemberData(nameof(Themes)), Trait("Rule", "S9")]
    public async Task Edges_and_focus_rings_stand_out_in_the_picture(ColorScheme theme) => await Journey.Through(await Installation.OfAll,
        async go =>
        {
            var page = await go.Somebody(theme: theme, anew: true);
            await page.Enter(await Installation.OfAll);
            await page.SetViewportSizeAsync(1280, 4000); // all of it, so that nothing scrolls below the top bar
            await page.GotoAsync("/ui");
            await Photograph(page, theme, 1280);

            var faint = new List<string>();
            var controls = await Those(page, Controls);
            controls.Count.ShouldBeGreaterThan(20);
            await page.Remember();
            foreach (var control in controls) await Judge(control.Edge(), "edge", control);
            await Judge(page.Locator("#input-file").Part(), "button", page.Locator("#input-file"));
            await Judge(Placeholder(page), "placeholder", page.Locator("#input-empty"), Words);

            await page.Keyboard.PressAsync("Tab"); // from now on the focus is shown
            (await Those(page, Focusable)).Count.ShouldBeGreaterThan(60);
            var stops = await Those(page, Focusable, once: !Proof.Whole);
            stops.Count.ShouldBeGreaterThan(25);
            foreach (var stop in stops) await Judge(stop.Ring(), "ring", stop);
            await page.Locator("details.me summary").PressAsync("Enter"); // by the mouse the focus would not be shown
            await page.Remember();
            foreach (var stop in await Those(page, "details.me .dropdown-item")) await Judge(stop.Ring(), "ring", stop);
            faint.ShouldBeEmpty(string.Join('\n', faint));

            await page.SetViewportSizeAsync(390, 844);
            await page.GotoAsync("/ui");
            await Photograph(page, theme, 390);

            async Task Judge(Task<double> measured, string what, ILocator of, double least = Edge)
            {
                if (await measured is var ratio && ratio < least)
                    faint.Add($"{what} {ratio:0.00}: {await of.EvaluateAsync<string>("e => e.outerHTML.slice(0, 120)")}");
            }
        });

    [Fact]
    public async Task What_is_faint_is_found() => await Journey.Through(await Installation.OfAll, async go =>
    {
        var page = await go.Somebody(anew: true);
        await page.Enter(await Installation.OfAll);
        await page.SetViewportSizeAsync(1280, 4000);
        await page.GotoAsync("/ui");
        var field = page.Locator("#input-name");
        await page.Remember();
        (await field.Edge()).ShouldBeGreaterThan(Edge);
        await field.EvaluateAsync("e => e.style.setProperty('border-color', '#e5e5e5')"); // as it was once
        await page.Remember();
        (await field.Edge()).ShouldBeInRange(1.1, 1.4);
        await page.Keyboard.PressAsync("Tab");
        (await field.Ring()).ShouldBeGreaterThan(Edge);
        await field.EvaluateAsync("e => e.style.setProperty('outline-color', '#8db6e9', 'important')");
        await field.EvaluateAsync("e => e.style.setProperty('border-color', '#8db6e9', 'important')");
        await page.Remember();
        (await field.Ring()).ShouldBeInRange(1.5, 2.5);
    });

    /// <summary>The places of those that are shown; once, of those that are drawn alike, on the same ground, the first.</summary>
    const string Shown = """
        (all, once) => {
          const found = new Set();
          const ground = e => {
            while (e.parentElement && getComputedStyle(e).backgroundColor === 'rgba(0, 0, 0, 0)') e = e.parentElement;
            return getComputedStyle(e).backgroundColor;
          };
          const kind = e => [e.localName, e.type, e.className, e.parentElement.className, e.checked, ground(e.parentElement),
            ...['current', 'invalid', 'pressed', 'selected', 'disabled', 'expanded'].map(state => e.getAttribute(`aria-${state}`))].join();
          return all.flatMap((e, at) => {
            const { width, height } = e.getBoundingClientRect();
            if (!e.checkVisibility({ visibilityProperty: true }) || !width || !height || once && found.has(kind(e))) return [];
            found.add(kind(e));
            return [at];
          });
        }
        """;

    static async Task<IReadOnlyList<ILocator>> Those(IPage page, string selector, bool once = false)
    {
        var all = page.Locator(selector);
        return [.. (await all.EvaluateAllAsync<int[]>(Shown, once)).Select(all.Nth)];
    }

    /// <summary>Of the words in an empty field against what the field is filled with; letters are too thin to be measured in a picture.
    /// </summary>
    static Task<double> Placeholder(IPage page) => page.EvaluateAsync<double>("""
        () => {
          const field = document.getElementById('input-empty');
          const light = colour => {
            const parts = colour.match(/[\d.]+/g).slice(0, 3).map(c => c / 255)
              .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
            return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
          };
          const [a, b] = [getComputedStyle(field, '::placeholder').color, getComputedStyle(field).backgroundColor].map(light);
          return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        }
        """);

    static async Task Photograph(IPage page, ColorScheme theme, int width)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "../../../../TestResults/pictures");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"ui-{width}-{theme}.png"), FullPage = true });
    }
}
