using System.Globalization;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;

namespace DirectoryPlatform.Tests.Browser.Accounts;

/// <summary>The product's main job from one end to the other: prove a domain, claim its accounts, manage one of them.</summary>
public sealed class ManageTwoHundredThousandAccounts
{
    static readonly int People = Proof.Size(small: 2_000, whole: 200_000);
    static readonly int Everybody = People + 1; // the admin's own account is on the domain too
    const string Password = "a long enough one";

    [Fact, Trait("Rule", "D1"), Trait("Rule", "C1"), Trait("Rule", "C2"), Trait("Rule", "M1"), Trait("Rule", "A3"), Trait("Rule", "A4")]
    public async Task An_admin_proves_a_domain_claims_everybody_on_it_and_takes_one_persons_access_away_and_gives_it_back()
    {
        using var alone = await Proof.Alone();
        using var knot = Knot.Start("acme.test");
        await using var installation = await Installation.StartSeeded(
            ["--accounts", $"{People}", "--domain", "acme.test", "--org", "acme", "--seed", "1", "--password", Password],
            ("Domains__Dns__Servers", knot.Address), ("Background__MostAtOnce", $"{Proof.Size(200, int.MaxValue)}"));
        var somebody = Enumerable.Range(1000, 100).Select(new Population("acme.test", 1).Person).First(p => p.State is AccountState.Active);
        await Journey.Through(installation, async go =>
        {
            var admin = await go.Somebody();
            var home = await admin.SignInAsAdmin("admin@acme.test", Password);
            await Prove(admin, home, knot);
            await Claim(admin, await installation.Beside());
            await Browse(admin, home);
            await FindOne(admin, home, somebody);

            var person = await go.Somebody();
            await person.SignIn(somebody.Email!.Value.Value, Password);
            await Assertions.Expect(person).ToHaveURLAsync(new Regex("/account$"));
            await person.Sees("acme manages this account");

            await admin.Click("Deactivate");
            await admin.Sees("is signed out everywhere at once");
            await admin.Fill("Reason", "Left the company");
            await admin.Fill("Message to this person", "Ask Grace in HR.");
            await admin.Click("Deactivate account");
            await admin.Sees($"{somebody.Name} is deactivated.");
            await Assertions.Expect(admin.Heading()).ToHaveTextAsync($"{somebody.Name} (Deactivated)");
            await admin.Sees("“Left the company”");

            await person.GotoAsync("/account");
            await Assertions.Expect(person.Heading()).ToHaveTextAsync("Sign in");
            await person.SignIn(somebody.Email!.Value.Value, Password);
            await person.Sees("Your account is deactivated. Message from your admin: Ask Grace in HR.");
            await person.GotoAsync("/account");
            await Assertions.Expect(person.Heading()).ToHaveTextAsync("Sign in");

            await admin.Click("Reactivate");
            await admin.Click("Reactivate account");
            await Assertions.Expect(admin.Heading()).ToHaveTextAsync(somebody.Name);
            await person.SignIn(somebody.Email!.Value.Value, Password);
            await Assertions.Expect(person).ToHaveURLAsync(new Regex("/account$"));

            var history = admin.Locator("ol.history");
            foreach (var line in (string[])[$"acme admin reactivated {somebody.Name}", $"acme admin deactivated {somebody.Name}",
                $"claimed {somebody.Name}", "“Left the company”"])
                await Assertions.Expect(history).ToContainTextAsync(line);
        });
    }

    static async Task Prove(IPage admin, string home, Knot knot)
    {
        var challenge = await admin.AddDomain(home, "acme.test");
        await admin.Click("Verify domain");
        await admin.Sees("There is no TXT record at _directory-challenge.acme.test");
        knot.Set("acme.test", "_directory-challenge", "TXT", "\"directory-domain-verification=wrong\"");
        await admin.Click("Verify domain");
        await admin.Sees("a verification record with another token");
        knot.Unset("acme.test", "_directory-challenge");
        knot.Set("acme.test", "_directory-challenge", "TXT", $"\"{challenge.Value}\"");
        await admin.Click("Verify domain");
        await admin.Sees("acme.test is verified.");
    }

    const string Bar = """
        () => {
          const bar = document.querySelector('#progress');
          const ended = document.querySelector('main a[href$="/results.csv"]') ? 'ended' : 'runs';
          return bar ? [ended, bar.querySelector('progress').value.toString(), bar.innerText] : [ended, '', ''];
        }
        """;

    static async Task Claim(IPage admin, string database)
    {
        await admin.Click("Claim accounts");
        await admin.Click("Next");
        (await admin.Locator(".big-number").Number()).ShouldBe(Everybody);
        var review = await admin.RunAndWaitForDownloadAsync(() => admin.Click("Export CSV"));
        (await File.ReadAllLinesAsync(await review.PathAsync())).Length.ShouldBe(Everybody + 1);
        await admin.Click("Next");
        await admin.Click("Next");

        var claim = admin.Locator("form button.btn-primary");
        await admin.Fill("Type acme.test to confirm", "acme.tset");
        await claim.ClickAsync();
        await Assertions.Expect(admin.Locator("#input-typed-error")).Not.ToBeEmptyAsync();
        await admin.Fill("Type acme.test to confirm", "acme.test");
        // Whatever the number, the job lasts long enough to be looked at: it stands still until the bar has moved.
        await using var held = await Held.Some(database, "acme.test", places: 4, Everybody);
        await claim.ClickAsync();
        await admin.ComesTo("/jobs/");

        // The bar is asked for what it shows, as a person would look at it, until the job has ended.
        var (seen, words) = (new List<double>(), "");
        for (var i = 0; i < 1200; i++, await Task.Delay(75))
        {
            if (await admin.Glimpse(Bar) is not [var ended, var value, var text]) continue;
            if (ended == "ended") break;
            words += text;
            if (double.Parse(value, CultureInfo.InvariantCulture) is var shown && seen.Count > 0 && shown <= seen[^1]) continue;
            seen.Add(shown);
            await held.LetGo();
        }
        seen.Count.ShouldBeGreaterThanOrEqualTo(4, string.Join(", ", seen)); // the first value, and three times more
        words.ShouldMatch("[1-9][0-9,]* accounts a second");
        words.ShouldMatch("about [0-9]+ seconds? left");

        await admin.Sees("Done");
        await admin.Sees($"{Everybody:N0} of {Everybody:N0}");
        await admin.Sees("acme admin");
        await Assertions.Expect(admin.GetByRole(AriaRole.Row).Filter(new() { HasText = "Claimed" })).ToContainTextAsync($"{Everybody:N0}");
        var results = await admin.RunAndWaitForDownloadAsync(() => admin.Click("Download results"));
        results.SuggestedFilename.ShouldEndWith(".csv");
        (await File.ReadAllLinesAsync(await results.PathAsync())).Length.ShouldBe(Everybody + 1);
    }

    /// <summary>Everything that the list can do stands in its address, so each step is also a link that can be sent to somebody.</summary>
    static async Task Browse(IPage admin, string home)
    {
        await admin.GotoAsync($"{home}/members");
        // Whoever is unverified is counted apart.
        var verified = Everybody - Enumerable.Range(0, People).Select(new Population("acme.test", 1).Person)
            .Count(p => p.State is AccountState.Unverified);
        await admin.Sees($"All {Everybody:N0}");
        await admin.Sees($"Unverified {Everybody - verified:N0}");
        var first = await Emails(admin);
        first.Length.ShouldBe(50);
        await admin.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await admin.ComesTo("at=");
        await Assertions.Expect(admin.GetByRole(AriaRole.Link, new() { Name = "Previous" })).ToBeVisibleAsync();
        var second = await Emails(admin);
        second.Intersect(first).ShouldBeEmpty();
        await admin.ReloadAsync();
        (await Emails(admin)).ShouldBe(second);
        await admin.GetByRole(AriaRole.Link, new() { Name = "Previous" }).ClickAsync();
        await Assertions.Expect(admin.Locator("#list tbody tr").First).ToContainTextAsync(first[0]);
        (await Emails(admin)).ShouldBe(first);
        await admin.GoBackAsync();
        await Assertions.Expect(admin.Locator("#list tbody tr").First).ToContainTextAsync(second[0]);

        await admin.GotoAsync($"{home}/members?sort=email&dir=desc&size=25");
        var descending = await Emails(admin);
        descending.Length.ShouldBe(25);
        descending.ShouldBe(descending.OrderByDescending(e => e, StringComparer.Ordinal));
        await admin.Locator("#sort-email").ClickAsync();
        await Assertions.Expect(admin.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Email address");
        admin.Url.ShouldNotContain("desc");

        await admin.GotoAsync($"{home}/members");
        await admin.Locator(".list-more summary").ClickAsync();
        await admin.Locator("#status").SelectOptionAsync("unverified");
        await admin.ComesTo("status=unverified");
        await Assertions.Expect(admin.Locator("#list tbody tr").First).ToContainTextAsync("Unverified");
        (await admin.Locator("#list tbody td[data-label=Status]").AllInnerTextsAsync()).Distinct().ShouldHaveSingleItem()
            .ShouldBe("Unverified");
    }

    static async Task FindOne(IPage admin, string home, Account somebody)
    {
        await admin.GotoAsync($"{home}/members");
        await admin.Fill("Search", somebody.Email!.Value.Value.Split('@')[0]);
        await admin.ComesTo("q=");
        await Assertions.Expect(admin.Locator("#list tbody tr")).ToHaveCountAsync(1);
        await admin.Locator("#list tbody a").ClickAsync();
        await admin.Click("Open as page");
        await Assertions.Expect(admin.Heading()).ToHaveTextAsync(somebody.Name);
        await admin.Sees("Managed");
    }

    static async Task<string[]> Emails(IPage admin) =>
        [.. await admin.Locator("#list tbody .who-mail").AllInnerTextsAsync()];
}
