namespace DirectoryPlatform.Tests.Browser.Demo;

/// <summary>The five minutes that a newcomer gives the product.</summary>
public sealed class TakeTheTour
{
    [Fact, Trait("Rule", "R3"), Trait("Rule", "R9"), Trait("Rule", "R14")]
    public async Task A_newcomer_verifies_a_domain_signs_somebody_up_and_claims_in_the_demo()
    {
        await using var installation = await Installation.StartFirstDemo("tour");
        await Journey.Through(installation, async go =>
        {
            var ada = await go.Somebody();
            await ada.GotoAsync("/");
            await ada.Sees("This is a demo");
            await ada.Sees("demo-password");
            var acme = await ada.SignInAsAdmin("ada@acme.example");
            await ada.Sees("This is a demo");

            // The other organization, by the switcher.
            await ada.Locator("details.switcher summary").ClickAsync();
            await ada.Locator("details.switcher").GetByRole(AriaRole.Link, new() { Name = "Globex" }).ClickAsync();
            await Assertions.Expect(ada).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex(acme));
            await ada.Locator("details.switcher summary").ClickAsync();
            (await ada.Locator("details.switcher [aria-current=true]").InnerTextAsync()).ShouldContain("Globex");
            await ada.Keyboard.PressAsync("Escape");

            await ada.Locator("nav").GetByRole(AriaRole.Link, new() { Name = "Domains" }).ClickAsync();
            await ada.Click("globex.example");
            var challenge = await ada.ReadChallenge();
            await ada.Click("Verify domain");
            await ada.Sees("The token was not found");

            await ada.Locator(".demo-banner").GetByRole(AriaRole.Link, new() { Name = "DNS records" }).ClickAsync();
            await ada.Fill("Name", challenge.Name);
            await ada.Locator("#input-value").FillAsync(challenge.Value);
            await ada.Click("Add record");
            await ada.Sees("Record added.");
            await ada.GotoAsync(challenge.Path);
            await ada.Click("Verify domain");
            await ada.Sees("globex.example is verified.");
            await ada.Sees("Verified");

            // Meanwhile somebody new signs up there.
            var newcomer = await go.Somebody();
            await newcomer.GotoAsync("/sign-in");
            await newcomer.Click("Create an account");
            await newcomer.Fill("Full name", "Nora New");
            await newcomer.Fill("Email address", "nora@globex.example");
            await newcomer.Click("Create account");
            await newcomer.Sees("Check your inbox");
            await newcomer.GotoAsync("/demo/mail?to=nora@globex.example");
            await newcomer.Locator("article a[href*='verify-email']").First.ClickAsync();
            await newcomer.Fill("Password", "violet lantern orbit");
            await newcomer.Click("Set password");
            await newcomer.Sees("Your email address is verified");
            await newcomer.SignIn("nora@globex.example", "violet lantern orbit");
            await Assertions.Expect(newcomer).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/account$"));
            await Assertions.Expect(newcomer.Heading()).ToHaveTextAsync("Your account");

            // Claim everybody there, up to a thousand without typing the name.
            await ada.Click("Claim accounts");
            await ada.Click("Next");
            var willBeClaimed = await ada.Locator(".big-number").Number();
            willBeClaimed.ShouldBeGreaterThan(40);
            await ada.Click("Next");
            (await ada.GetByLabel("Claim them automatically").IsCheckedAsync()).ShouldBeTrue();
            await ada.Click("Next");
            await ada.Locator("form button.btn-primary").ClickAsync();
            await ada.ComesTo("/jobs/");
            await ada.Sees("Done");
            await ada.Sees("100%");
            await Assertions.Expect(ada.GetByRole(AriaRole.Row, new() { Name = $"Claimed {willBeClaimed}", Exact = true }))
                .ToBeVisibleAsync();
            await ada.Sees("Download results");

            await newcomer.ReloadAsync();
            await newcomer.Sees("Globex manages this account");

            await ada.SignOut();
            await ada.Sees("You are signed out.");
            await ada.GotoAsync($"{acme}/members");
            await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Sign in");

            await LookAround(await go.Somebody(), installation);
        });
    }

    /// <summary>An organization with a past (SPEC R14).</summary>
    static async Task LookAround(IPage nora, Installation installation)
    {
        ((long)(await installation.Query("""
            select count(*) from accounts.account where domain like '%northwind%' or domain = 'partner.example'
            """))!).ShouldBe(1_240);
        await nora.SignInAsAdmin("nora@northwind.example");
        foreach (var text in (string[])["labs.northwind.example loses its verification", "requests from Entra ID were rejected",
            "events are waiting", "on northwind.example are not claimed", "“Nightly export” expires"]) await nora.Sees(text);
        await nora.GotoAsync("/demo/clock");
        await nora.Sees("Only the clock of a demo with its own database can be moved."); // here it is another server's
    }

    [Fact, Trait("Rule", "R4")]
    public async Task The_first_visit_sets_the_installation_up_with_the_code_from_the_console()
    {
        await using var installation = await Installation.Start("setup", demo: false);
        await Journey.Through(installation, async go =>
        {
            var first = await go.Somebody();
            await first.GotoAsync("/");
            await first.Sees("No one has an account here yet");
            await first.Fill("Setup code", "AAAA-BBBB-CCCC");
            await first.Fill("Organization", "First Company");
            await first.Fill("Your full name", "Fay First");
            await first.Fill("Your email address", "fay@first.test");
            await first.Fill("Password", "violet lantern orbit");
            await first.Click("Set up");
            await first.Sees("This is not the code");
            (await first.GetByLabel("Your full name").InputValueAsync()).ShouldBe("Fay First");

            string? Told() => installation.Said.Split('\n').FirstOrDefault(line => line.StartsWith("Setup code", StringComparison.Ordinal));
            await Patience.Until(() => Task.FromResult(Told() is not null));
            await first.Fill("Setup code", Told()!.Split(' ')[^1].Trim());
            await first.Fill("Password", "violet lantern orbit");
            await first.Click("Set up");
            await first.Sees("Setup complete");
            await first.SignInAsAdmin("fay@first.test", "violet lantern orbit");
            await first.Sees("First Company");
            (await first.GotoAsync("/setup"))!.Status.ShouldBe(404);
        });
    }
}
