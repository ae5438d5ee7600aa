using Deque.AxeCore.Playwright;

namespace DirectoryPlatform.Tests.Support;

static class Reading
{
    /// <summary>What axe finds on the page, one line each.</summary>
    public static async Task<IReadOnlyList<string>> Obstacles(this IPage page)
    {
        var how = $"{page.ViewportSize!.Width} px, {await page.Locator("html").GetAttributeAsync("data-bs-theme")}";
#pragma warning disable CS0618 // The newer way opens a window for each look, which takes longer than the look; it is needed only for frames, and we have none.
        var looked = await page.RunAxeLegacy();
#pragma warning restore CS0618
        return [.. looked.Violations.Select(v => $"{how}: {v.Id} at {string.Join(", ", v.Nodes.Take(3).Select(n => n.Html))}")];
    }
}
