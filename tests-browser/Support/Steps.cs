using System.Globalization;
using System.Security.Cryptography;

namespace DirectoryPlatform.Tests.Support;

/// <summary>What people do on pages, in the words that stand on them.</summary>
static class Steps
{
    public const string DemoPassword = "demo-password";

    public static ILocator Heading(this IPage page) => page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    /// <summary>What stands out at the right where the page must be scrolled sideways; null where nothing does.</summary>
    public static Task<string?> TooWide(this IPage page) => page.EvaluateAsync<string?>("""
        () => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return null;
          return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
            .map(e => `<${e.localName} class="${e.className}"> ${e.textContent.trim().slice(0, 30)}`).slice(-3).join(', ');
        }
        """);

    public static async Task<bool> IsTooWide(this IPage page) => await page.TooWide() is not null;

    /// <summary>Tabs before it is asked how far they came.</summary>
    const int Held = 10;

    /// <summary>
    /// As with Tab held down, from where the focus is until it has come to the target, which must show it. There it stays: the Tabs that are left over do nothing.
    /// </summary>
    /// <param name="patience">Tabs, until it is said that the keyboard does not come there.</param>
    public static async Task TabTo(this IPage page, ILocator target, int patience = 120)
    {
        await Assertions.Expect(target.First).ToBeVisibleAsync();
        for (var pressed = 0; ; pressed += Held)
        {
            if (await target.First.EvaluateAsync<bool?>(Await) is { } shown)
            {
                shown.ShouldBeTrue($"the focus on {target} cannot be seen");
                return;
            }
            if (pressed >= patience) throw new TimeoutException($"The keyboard does not reach {target}.");
            await Task.WhenAll(Enumerable.Range(0, Held).Select(_ => page.Keyboard.PressAsync("Tab")));
        }
    }

    /// <summary>Whether an element has had the focus since it was asked first, and shown it; null when not yet.</summary>
    const string Await = """
        e => {
          if (e.reached) {
            const [shown, end] = e.reached;
            e.reached = null;
            end();
            return shown;
          }
          if (e.reached === false) return null;
          e.reached = false;
          const stay = key => { if (key.key === 'Tab') key.preventDefault(); };
          e.addEventListener('focus', () => {
            const style = getComputedStyle(e);
            e.reached = [style.outlineStyle !== 'none' || style.boxShadow !== 'none', () => e.removeEventListener('keydown', stay)];
            e.addEventListener('keydown', stay);
          }, { once: true });
          return null;
        }
        """;

    public static Task Click(this IPage page, string text) =>
        page.GetByRole(AriaRole.Button, new() { Name = text }).Or(page.GetByRole(AriaRole.Link, new() { Name = text })).First.ClickAsync();

    public static Task Fill(this IPage page, string label, string text) => page.GetByLabel(label).First.FillAsync(text);

    public static async Task Sees(this IPage page, string text) =>
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync(text, new() { UseInnerText = true, IgnoreCase = false });

    public static async Task SignIn(this IPage page, string email, string password = DemoPassword)
    {
        await page.GotoAsync("/sign-in");
        await page.Fill("Email address", email);
        await page.Fill("Password", password);
        await page.Click("Sign in");
    }

    /// <summary>Is signed in as the demo's admin at once.</summary>
    public static Task Enter(this IPage page, Installation installation) => page.Enter(installation, "ada@acme.example");

    /// <summary>Is signed in as somebody of the journey's organizations at once; as their admin, when nobody is named.</summary>
    public static Task Enter(this IPage page, World world, string? email = null) => page.Enter(world.Installation, email ?? world.Ada);

    /// <summary>Is signed in at once as the admin of the journey's Acme; answers with its path, <c>/o/…</c>.</summary>
    public static async Task<string> EnterAsAdmin(this IPage page, World world)
    {
        await page.Enter(world);
        return $"/o/{world.AcmeId}";
    }

    /// <summary>
    /// The session as a sign-in leaves it, for journeys about something else: a sign-in costs two pages and a hash that is slow on purpose.
    /// </summary>
    public static async Task Enter(this IPage page, Installation installation, string email)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var session = await installation.Query($"""
            insert into security.session (id, token_hash, account_id, kind, device, created_at, last_active_at, ends_at, proved_at)
            select gen_random_uuid(), sha256('{token}'::bytea), id, 'browser', 'Chrome on Linux', now(), now(), now() + interval '1 day', now()
            from accounts.account where email = '{email}' returning id
            """);
        session.ShouldNotBeNull($"there is no account {email}");
        await page.Context.AddCookiesAsync([new() { Name = "directory-session", Value = token, Url = installation.Address.ToString() }]);
    }

    /// <summary>Signs in as an admin and answers with the organization's path, <c>/o/…</c>.</summary>
    public static async Task<string> SignInAsAdmin(this IPage page, string email, string password = DemoPassword)
    {
        await page.SignIn(email, password);
        await page.ComesTo("/members$");
        return new Uri(page.Url).AbsolutePath[..^"/members".Length];
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

    public static Task ComesTo(this IPage page, string pattern) => Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(pattern));

    public static async Task<long> Number(this ILocator place) => long.Parse(await place.InnerTextAsync(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    /// <param name="Path">The domain's page.</param>
    /// <param name="Name">Where the TXT record belongs.</param>
    /// <param name="Value">What it must say.</param>
    public sealed record Challenge(string Path, string Name, string Value);
}
