using Deque.AxeCore.Commons;

namespace DirectoryPlatform.Tests.Support;

static class Reading
{
    /// <summary>axe itself: its package's own way hands it over anew for each look, though a page that was looked at has it already.</summary>
    static readonly Lazy<string> Axe = new(() =>
    {
        using var resource = typeof(AxeRunOptions).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    });

    /// <summary>One line for each obstacle. Only media are loaded ahead: no rule that is on reads the style sheets.</summary>
    const string Look = """
        async rules => {
          const options = { resultTypes: ['violations'], preload: { assets: ['media'] } };
          if (rules) options.runOnly = { type: 'rule', values: rules };
          const { violations } = await axe.run(document, options);
          return violations.map(v => `${v.id} at ${v.nodes.slice(0, 3).map(n => n.html).join(', ')}`);
        }
        """;

    /// <summary>What axe finds on the page, one line each.</summary>
    /// <param name="contrastOnly">For the second look at a page of which only the theme has changed.</param>
    public static async Task<IReadOnlyList<string>> Obstacles(this IPage page, bool contrastOnly = false)
    {
        var how = $"{page.ViewportSize!.Width} px, {await page.Locator("html").GetAttributeAsync("data-bs-theme")}";
        // A page that was looked at before has it already.
        if (!await page.EvaluateAsync<bool>("() => typeof axe === 'object'")) await page.EvaluateAsync(Axe.Value);
        var found = await page.EvaluateAsync<string[]>(Look, contrastOnly ? (string[])["color-contrast"] : null);
        return [.. found.Select(f => $"{how}: {f}")];
    }
}
