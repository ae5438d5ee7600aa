using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace DirectoryPlatform.Tests.Support;

static class Reading
{
    /// <summary>What axe finds on the page, one line each.</summary>
    /// <param name="contrastOnly">For the second look at a page of which only the theme has changed.</param>
    public static async Task<IReadOnlyList<string>> Obstacles(this IPage page, bool contrastOnly = false)
    {
        // What was found right is not told one by one: it made most of what had to be carried over.
        var options = new AxeRunOptions { ResultTypes = [ResultType.Violations], RunOnly = contrastOnly ? new() { Type = "rule", Values = ["color-contrast"] } : null };
        var how = $"{page.ViewportSize!.Width} px, {await page.Locator("html").GetAttributeAsync("data-bs-theme")}";
#pragma warning disable CS0618 // The newer way opens a window for each look, which takes longer than the look; it is needed only for frames, and we have none.
        var looked = await page.RunAxeLegacy(options: options);
#pragma warning restore CS0618
        return [.. looked.Violations.Select(v => $"{how}: {v.Id} at {string.Join(", ", v.Nodes.Take(3).Select(n => n.Html))}")];
    }
}
