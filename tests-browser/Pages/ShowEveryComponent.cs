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
            foreach (var control in controls) await Judge(page.Edge(control), "edge", control);
            await Judge(page.Part(page.Locator("#input-file")), "button", page.Locator("#input-file"));
            await Judge(Placeholder(page), "placeholder", page.Locator("#input-empty"), Words);

            await page.Keyboard.PressAsync("Tab"); // from now on the focus is shown
            var stops = await Those(page, Focusable);
            stops.Count.ShouldBeGreaterThan(60);
            foreach (var stop in stops) await Judge(page.Ring(stop), "ring", stop);
            await page.Locator("details.me summary").PressAsync("Enter"); // by the mouse the focus would not be shown
            foreach (var stop in await Those(page, "details.me .dropdown-item")) await Judge(page.Ring(stop), "ring", stop);
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
        (await page.Edge(field)).ShouldBeGreaterThan(Edge);
        await field.EvaluateAsync("e => e.style.setProperty('border-color', '#e5e5e5')"); // as it was once
        (await page.Edge(field)).ShouldBeInRange(1.1, 1.4);
        await page.Keyboard.PressAsync("Tab");
        (await page.Ring(field)).ShouldBeGreaterThan(Edge);
        await field.EvaluateAsync("e => e.style.setProperty('outline-color', '#8db6e9', 'important')");
        await field.EvaluateAsync("e => e.style.setProperty('border-color', '#8db6e9', 'important')");
        (await page.Ring(field)).ShouldBeInRange(1.5, 2.5);
    });

    /// <summary>Those that are shown.</summary>
    static async Task<IReadOnlyList<ILocator>> Those(IPage page, string selector)
    {
        var shown = new List<ILocator>();
        foreach (var one in await page.Locator(selector).AllAsync())
            if (await one.IsVisibleAsync()) shown.Add(one);
        return shown;
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
