using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>Pictures to look at: every page as it is seen, into <c>TestResults/pictures</c>, and those of the README.</summary>
[Trait("Run", "Pictures")]
public sealed partial class Pictures
{
    const string Run = "Pictures";

    const int Desk = 1280, Phone = 390;

    /// <summary>So that a reader over a slow line sees them, too.</summary>
    const int MostBytes = 150 * 1024;

    static readonly string Root = Path.Combine(AppContext.BaseDirectory, "../../../..");

    static readonly ColorScheme[] Themes = [ColorScheme.Light, ColorScheme.Dark];

    /// <summary>As <c>o-org-members-account-1280-dark.png</c>: its route, or its name, its width in pixels and its theme.</summary>
    [Fact]
    public async Task Of_every_page_in_light_and_dark_on_a_desk_and_on_a_phone()
    {
        var stops = await Stops.Ready;
        var folder = Directory.CreateDirectory(Path.Combine(Root, "TestResults/pictures")).FullName;
        var pages = Proof.Size(Run, small: Stops.All.Take(1), whole: Stops.All).ToList();
        await Journey.Through(stops.Installation, async go =>
        {
            foreach (var theme in Themes)
                await Task.WhenAll(((bool[])[true, false]).Select(async signedIn =>
                {
                    var page = await go.Somebody(theme: theme, anew: true);
                    if (signedIn) await page.Enter(stops.Installation);
                    foreach (var stop in pages.Where(s => s.SignedIn == signedIn))
                    {
                        await page.GotoAsync(stops.Path(stop.Path));
                        foreach (var (width, height) in ((int, int)[])[(Desk, 800), (Phone, 844)])
                        {
                            await page.SetViewportSizeAsync(width, height);
                            var name = $"{Name(stop.Route, signedIn)}-{width}-{theme.ToString().ToLowerInvariant()}.png";
                            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name), FullPage = true });
                        }
                    }
                }));
        });
        Directory.GetFiles(folder, "*.png").Length.ShouldBeGreaterThanOrEqualTo(4 * pages.Count);
    }

    /// <summary>Of Northwind, which only a demo's own first start makes; small, whether they are there.</summary>
    [Fact]
    public async Task Of_the_readme()
    {
        var folder = Path.Combine(Root, "docs/pictures");
        if (Proof.Size(Run, small: false, whole: true)) await Make(folder);
        var readme = await File.ReadAllTextAsync(Path.Combine(Root, "README.md"));
        var files = Directory.GetFiles(folder, "*.png");
        files.Length.ShouldBe(6);
        foreach (var file in files)
        {
            readme.ShouldContain($"docs/pictures/{Path.GetFileName(file)}");
            new FileInfo(file).Length.ShouldBeInRange(10_000, MostBytes, file);
        }
    }

    static async Task Make(string folder)
    {
        await using var installation = await Installation.StartFirstDemo("pictures");
        var org = await installation.Query("select id from sites.organization where slug = 'northwind'");
        var person = await installation.Query($"""
            select id from accounts.account where managed_by = '{org}' and state = 1 and last_active_at is not null
              order by last_active_at desc, email limit 1
            """);
        await Journey.Through(installation, async go =>
        {
            foreach (var theme in Themes)
            {
                var page = await go.Somebody(theme: theme, anew: true);
                await page.SetViewportSizeAsync(Desk, 600);
                await page.SignInAsAdmin("nora@northwind.example");
                foreach (var (name, path) in ((string, string)[])[
                    ("overview", $"/o/{org}"), ("managed-accounts", $"/o/{org}/members"), ("profile", $"/o/{org}/members/{person}")])
                {
                    await page.GotoAsync(path);
                    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{theme.ToString().ToLowerInvariant()}.png") });
                }
            }
        });
    }

    static string Name(string route, bool signedIn) =>
        (signedIn ? "" : "signed-out-") + Signs().Replace(Ids().Replace(route, "$1").ToLowerInvariant(), "-").Trim('-');

    /// <summary>A parameter of a route, by its name: <c>{orgId:guid}</c> is org.</summary>
    [GeneratedRegex(@"\{(\w+?)(?:Id)?(?::[^}]*)?\}")]
    private static partial Regex Ids();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Signs();
}
