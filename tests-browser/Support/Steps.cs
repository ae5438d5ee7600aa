using System.Collections.Concurrent;
using System.Globalization;

namespace DirectoryPlatform.Tests.Support;

/// <summary>What people do on pages, in the words that stand on them.</summary>
static class Steps
{
    public const string DemoPassword = "demo-password";

    /// <summary>The uppermost dialog where one is open: nothing else can be reached then. Otherwise the page.</summary>
    public static ILocator Front(this IPage page) => page.Locator("dialog[open], body:not(:has(dialog[open]))").Last;

    public static ILocator Heading(this IPage page) => page.Front().Locator("h1, h2.page-title").First;

    /// <summary>What stands out at the right where the page must be scrolled sideways; null where nothing does.</summary>
    public static Task<string?> TooWide(this IPage page) => page.EvaluateAsync<string?>("""
        () => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return null;
          return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
            .map(e => `<${e.localName} class="${e.className}"> ${e.textContent.trim().slice(0, 30)}`).slice(-3).join(', ');
        }
        """);

    /// <summary>What the script finds, as by a person who looks once; null while the page makes room for the next one,
    /// which it may do by itself.</summary>
    public static async Task<string[]?> Glimpse(this IPage page, string script)
    {
        try
        {
            return await page.EvaluateAsync<string[]?>(script);
        }
        catch (PlaywrightException left) when (left.Message.Contains("Execution context was destroyed", StringComparison.Ordinal))
        {
            return null;
        }
    }

    public static async Task<bool> IsTooWide(this IPage page) => await page.TooWide() is not null;

    public static Task Click(this IPage page, string text)
    {
        var front = page.Front();
        return front.GetByRole(AriaRole.Button, new() { Name = text }).Or(front.GetByRole(AriaRole.Link, new() { Name = text })).First
            .ClickAsync();
    }

    /// <summary>What the list does with the rows that are checked, by its word or its value: by the bar that stands there while something
    /// is, or without script by the two selects.</summary>
    public static async Task Act(this IPage page, string action, bool script = true)
    {
        if (!script)
        {
            await page.GetByLabel("What to do", new() { Exact = true }).SelectOptionAsync(action);
            await page.Click("Continue");
            return;
        }
        var deed = page.Locator($"#bulk .list-deed:is([value='{action}'], :text-is('{action}'))");
        if (await deed.CountAsync() == 0)
        {
            await page.Locator("#bulk summary").ClickAsync();
            deed = page.Locator($"#bulk .dropdown-menu button:is([value='{action}'], :text-is('{action}'))");
        }
        await deed.ClickAsync();
    }

    /// <summary>The same with all that the list's filters mean.</summary>
    public static async Task ActOnAll(this IPage page, string action)
    {
        await page.Locator("#list tbody input[name=account]").First.CheckAsync();
        await page.Locator("[data-choose-all]").ClickAsync();
        await page.Act(action);
    }

    public static Task Fill(this IPage page, string label, string text) => page.Front().GetByLabel(label).First.FillAsync(text);

    public static async Task Sees(this IPage page, string text) =>
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync(text, new() { UseInnerText = true, IgnoreCase = false });

    public static async Task SignIn(this IPage page, string email, string password = DemoPassword)
    {
        await page.GotoAsync("/sign-in");
        await page.AskFor(email);
        await page.Fill("Password", password);
        await page.Click("Sign in");
    }

    /// <summary>The first step of the sign-in: the address says where the next one is.</summary>
    public static async Task AskFor(this IPage page, string email)
    {
        await page.Fill("Email address", email);
        await page.Click("Continue");
    }

    /// <summary>The visitor's own menu, in the top bar.</summary>
    public static Task OpenOwnMenu(this IPage page) => page.Locator("details.me summary").ClickAsync();

    public static async Task SignOut(this IPage page)
    {
        await page.OpenOwnMenu();
        await page.Click("Sign out");
    }

    /// <summary>Is signed in as the demo's admin at once; one session serves all who only look at pages.</summary>
    public static Task Enter(this IPage page, Installation installation) => page.Enter(installation, "ada@acme.example");

    /// <summary>Is signed in as the admin of the journey's organizations at once.</summary>
    public static Task Enter(this IPage page, World world) => page.Enter(world.Installation, world.Ada);

    static async Task Enter(this IPage page, Installation installation, string email)
    {
        var cookie = await Entered.GetOrAdd((installation, email), _ => new(() => SessionOf(installation, email))).Value;
        await page.Context.AddCookiesAsync([new() { Name = cookie.Name, Value = cookie.Value, Url = installation.Address.ToString() }]);
    }

    static readonly ConcurrentDictionary<(Installation, string), Lazy<Task<System.Net.Cookie>>> Entered = [];

    static async Task<System.Net.Cookie> SessionOf(Installation installation, string email)
    {
        using var visitor = await Visitor.SignedIn(installation, email);
        return visitor.Cookies.GetCookies(installation.Address).Single(c => c.Name.EndsWith("session", StringComparison.Ordinal));
    }

    /// <summary>An organization's first page, as a pattern.</summary>
    public const string Overview = "o/[0-9a-f-]{36}";

    /// <summary>Signs in as an admin and answers with the organization's path, <c>/o/…</c>; of several the first by name.</summary>
    public static async Task<string> SignInAsAdmin(this IPage page, string email, string password = DemoPassword)
    {
        await page.SignIn(email, password);
        await page.ComesTo($"/({Overview})?$");
        if (new Uri(page.Url).AbsolutePath == "/") await page.Locator("main .rows a").First.ClickAsync();
        await page.ComesTo($"/{Overview}$");
        return new Uri(page.Url).AbsolutePath;
    }

    /// <summary>Adds a domain through its form; answers with what must be published.</summary>
    public static async Task<Challenge> AddDomain(this IPage page, string home, string domain)
    {
        await page.GotoAsync($"{home}/domains/add");
        await page.Fill("Domain", domain);
        await page.Click("Next");
        await Assertions.Expect(page.Heading()).ToContainTextAsync(domain);
        return await page.ReadChallenge();
    }

    public static async Task<Challenge> ReadChallenge(this IPage page)
    {
        var (name, value) = (await page.Locator("#copy-name").InnerTextAsync(), await page.Locator("#copy-value").InnerTextAsync());
        return new(new Uri(page.Url).AbsolutePath, name, value);
    }

    /// <summary>Until its scripts have run, too: the address is there before them, and a key that is pressed meanwhile is nobody's.
    /// </summary>
    public static async Task ComesTo(this IPage page, string pattern)
    {
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(pattern));
        await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
    }

    public static async Task<long> Number(this ILocator place) =>
        long.Parse(await place.InnerTextAsync(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    /// <param name="Path">The domain's page.</param>
    /// <param name="Name">Where the TXT record belongs.</param>
    /// <param name="Value">What it must say.</param>
    public sealed record Challenge(string Path, string Name, string Value);
}
