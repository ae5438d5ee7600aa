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

    /// <summary>How the page was shown, then a line for each obstacle. Only media are loaded ahead:
    /// no rule that is on reads style sheets.</summary>
    const string Look = """
        async () => {
          if (typeof axe !== 'object') return null;
          const options = { resultTypes: ['violations'], preload: { assets: ['media'] } };
          const { violations } = await axe.run(document, options);
          return [`${innerWidth} px, ${document.documentElement.getAttribute('data-bs-theme')}`,
            ...violations.map(v => `${v.id} at ${v.nodes.slice(0, 3).map(n => n.html).join(', ')}`)];
        }
        """;

    /// <summary>For a window of its own, in which every page is looked at.</summary>
    public static Task ReadsAll(this IPage page) => page.AddInitScriptAsync(Axe.Value);

    /// <summary>What axe finds on the page, one line each.</summary>
    public static async Task<IReadOnlyList<string>> Obstacles(this IPage page)
    {
        if (await page.EvaluateAsync<string[]?>(Look) is not { } found)
        {
            await page.EvaluateAsync(Axe.Value);
            found = await page.EvaluateAsync<string[]>(Look);
        }
        return [.. found.Skip(1).Select(obstacle => $"{found[0]}: {obstacle}")];
    }
}
