using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>The same work in a browser that runs no script at all.</summary>
[Trait("Rule", "C2")]
public sealed class WorkWithoutScript
{
    [Fact]
    public Task An_admin_verifies_claims_watches_filters_and_deactivates() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody(script: false);
        await ada.SignInAsAdmin(world.Ada);
        await ada.Locator("details.switcher summary").ClickAsync();
        await ada.Locator("details.switcher").GetByRole(AriaRole.Link, new() { Name = "Globex" }).ClickAsync();
        await Assertions.Expect(ada.Locator(".switcher summary")).ToContainTextAsync("Globex");
        var home = new Uri(ada.Url).AbsolutePath;
        await ada.GotoAsync($"{home}/domains");
        await ada.Click(world.Globex);
        var challenge = await ada.ReadChallenge();
        await ada.GotoAsync("/demo/dns");
        await ada.Fill("Name", challenge.Name);
        await ada.Locator("#input-value").FillAsync(challenge.Value);
        await ada.Click("Add record");
        await ada.GotoAsync(challenge.Path);
        await ada.Click("Verify domain");
        await ada.Sees($"{world.Globex} is verified.");

        await ada.Click("Claim accounts");
        await ada.Click("Next");
        await ada.Click("Next");
        await ada.Click("Next");
        await using (await Held.All(world.Installation.Database!, world.Globex))
        {
            await ada.Locator("form button.btn-primary").ClickAsync();
            await ada.ComesTo("/jobs/");
            await ada.WaitForResponseAsync(answer => answer.Url.Contains("/jobs/", StringComparison.Ordinal)); // it reloads by itself
            await Assertions.Expect(ada.Locator("progress")).ToBeVisibleAsync();
            await CancelIsReadable(go, world, new Uri(ada.Url).AbsolutePath);
        }
        await Assertions.Expect(ada.GetByRole(AriaRole.Link, new() { Name = "Download results" })).ToBeVisibleAsync();
        await ada.Sees("Done");

        await ada.GotoAsync($"{home}/members");
        await ada.Fill("Search", "gus");
        await ada.Click("Apply");
        await Assertions.Expect(ada).ToHaveURLAsync(new Regex("q=gus"));
        await ada.Locator("#list tbody a").First.ClickAsync();
        await ada.Click("Deactivate");
        await ada.Fill("Reason", "Left");
        await ada.Click("Deactivate account");
        await ada.Sees("(Deactivated)");
        await ada.SignOut();
        await ada.Sees("You are signed out.");
    });

    /// <summary>A running job has a page of its own to be cancelled from; nobody sees it otherwise.</summary>
    static async Task CancelIsReadable(Journey go, World world, string job)
    {
        var person = await go.Somebody(width: 360, theme: ColorScheme.Dark);
        await person.Enter(world);
        foreach (var path in (string[])[job, $"{job}/cancel"])
        {
            await person.GotoAsync(path);
            (await person.Obstacles()).ShouldBeEmpty();
            (await person.IsTooWide()).ShouldBeFalse();
        }
        await Assertions.Expect(person.Heading()).ToHaveTextAsync("Cancel job");
    }
}
