using System.Text.RegularExpressions;
using Npgsql;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>The same work in a browser that runs no script at all.</summary>
[Trait("Rule", "C2")]
public sealed class WorkWithoutScript
{
    [Fact]
    public async Task An_admin_verifies_claims_watches_filters_and_deactivates()
    {
        await using var installation = await Installation.Start("noscript", demo: true);
        await Journey.Through(installation, async go =>
        {
            var ada = await go.Somebody(script: false);
            await ada.SignInAsAdmin("ada@acme.example");
            await ada.Locator("details.switcher summary").ClickAsync();
            await ada.Locator("details.switcher").GetByRole(AriaRole.Link, new() { Name = "Globex" }).ClickAsync();
            await Assertions.Expect(ada.Locator(".switcher summary")).ToContainTextAsync("Globex");
            var home = new Uri(ada.Url).AbsolutePath[..^"/members".Length];
            await ada.GotoAsync($"{home}/domains");
            await ada.Click("globex.example");
            var challenge = await ada.ReadChallenge();
            await ada.GotoAsync("/demo/dns");
            await ada.Fill("Name", challenge.Name);
            await ada.Locator("#input-value").FillAsync(challenge.Value);
            await ada.Click("Add record");
            await ada.GotoAsync(challenge.Path);
            await ada.Click("Verify domain");
            await ada.Sees("globex.example is verified.");

            await ada.Click("Claim its accounts");
            await ada.Click("Next");
            await ada.Click("Next");
            await ada.Click("Next");
            await using (await Held(installation, "globex.example"))
            {
                await ada.Locator("form button.btn-primary").ClickAsync();
                await ada.ComesTo("/jobs/");
                await ada.WaitForResponseAsync(answer => answer.Url.Contains("/jobs/", StringComparison.Ordinal)); // it reloads by itself
                await Assertions.Expect(ada.Locator("progress")).ToBeVisibleAsync();
                await CancelIsReadable(go, installation, new Uri(ada.Url).AbsolutePath);
            }
            await Assertions.Expect(ada.GetByRole(AriaRole.Link, new() { Name = "Download results" })).ToBeVisibleAsync();
            await ada.Sees("Done");

            await ada.GotoAsync($"{home}/members");
            await ada.Fill("Search", "gus");
            await ada.Click("Show");
            await Assertions.Expect(ada).ToHaveURLAsync(new Regex("q=gus"));
            await ada.Locator("#list tbody a").First.ClickAsync();
            await ada.Click("Deactivate");
            await ada.Fill("Reason", "Left");
            await ada.Click("Deactivate account");
            await ada.Sees("(Deactivated)");
            await ada.Click("Sign out");
            await ada.Sees("You are signed out.");
        });
    }

    /// <summary>A running job has a page of its own to be cancelled from; nobody sees it otherwise.</summary>
    static async Task CancelIsReadable(Journey go, Installation installation, string job)
    {
        var person = await go.Somebody(width: 360, theme: ColorScheme.Dark);
        await person.Enter(installation);
        foreach (var path in (string[])[job, $"{job}/cancel"])
        {
            await person.GotoAsync(path);
            (await person.Obstacles()).ShouldBeEmpty();
            (await person.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")).ShouldBeFalse();
        }
        await Assertions.Expect(person.Heading()).ToHaveTextAsync("Cancel the job");
    }

    /// <summary>Keeps a job on these accounts from ending, as a database under load would.</summary>
    static async Task<NpgsqlConnection> Held(Installation installation, string domain)
    {
        var connection = new NpgsqlConnection(installation.Database);
        await connection.OpenAsync();
        await using var hold = new NpgsqlCommand($"begin; select id from accounts.account where domain = '{domain}' for update", connection);
        await hold.ExecuteNonQueryAsync();
        return connection;
    }
}
