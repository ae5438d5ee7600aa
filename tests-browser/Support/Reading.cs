using Deque.AxeCore.Commons;

namespace DirectoryPlatform.Tests.Support;

static class Reading
{
    /// <summary>
    /// axe itself. Its package's own way hands it over anew for each look, though a page that was looked at has it already;
    /// a window that looks at many pages gets it by <see cref="ReadsAll"/>, so that it is compiled once.
    /// </summary>
    static readonly Lazy<string> Axe = new(() =>
    {
        using var resource = typeof(AxeRunOptions).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    });

    /// <summary>How the page was shown, then a line for each obstacle. The sizes of targets (WCAG 2.2, 2.5.8) axe measures only when it is
    /// told to. Only media are loaded ahead: no rule that is on reads style sheets.</summary>
    const string Look = """
        async within => {
          if (typeof axe !== 'object') return null;
          const options = {
            resultTypes: ['violations'], preload: { assets: ['media'] }, rules: { 'target-size': { enabled: true } },
          };
          const { violations } = await axe.run(within ?? document, options);
          return [`${innerWidth} px, ${document.documentElement.getAttribute('data-bs-theme')}`,
            ...violations.map(v => `${v.id} at ${v.nodes.slice(0, 3).map(n => n.html).join(', ')}`)];
        }
        """;

    /// <summary>For a window of its own, in which every page is looked at.</summary>
    public static Task ReadsAll(this IPage page) => page.AddInitScriptAsync(Axe.Value);

    /// <summary>What axe finds on the page, one line each.</summary>
    /// <param name="within">A selector of the part that is looked at.</param>
    public static async Task<IReadOnlyList<string>> Obstacles(this IPage page, string? within = null)
    {
        if (await page.EvaluateAsync<string[]?>(Look, within) is not { } found)
        {
            await page.EvaluateAsync(Axe.Value);
            found = await page.EvaluateAsync<string[]>(Look, within);
        }
        return [.. found.Skip(1).Select(obstacle => $"{found[0]}: {obstacle}")];
    }
}
