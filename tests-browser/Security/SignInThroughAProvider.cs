namespace DirectoryPlatform.Tests.Browser.Security;

/// <summary>Single sign-on from the first look at its page to the last:
/// a real identity provider on another site, real browsers between.</summary>
public sealed class SignInThroughAProvider
{
    [Fact, Trait("Rule", "S5"), Trait("Rule", "S9")]
    public Task An_admin_sets_it_up_tests_it_and_turns_it_on_and_people_come_through_it() => Journey.Through(async (go, world) =>
    {
        using var provider = IdentityProvider.Start();
        go.Leads.Add(provider.Authority);
        var (ada, liam, bare) = (await go.Somebody(), await go.Somebody(width: 360), await go.Somebody(script: false));
        var home = await ada.SignInAsAdmin(world.Ada);
        await ada.Click("Single sign-on");
        await Assertions.Expect(ada.Locator("[aria-current=step]")).ToContainTextAsync("Provider");
        await ada.Sees($"{world.Installation.Address}sso{home[2..]}/acs");
        await ada.GetByLabel("Enter manually").CheckAsync();
        await ada.Fill("entity ID", provider.EntityId);
        await ada.Fill("Sign-in URL", "ftp://example.com");
        await ada.Click("Save and test");
        await ada.Sees("The sign-in URL must begin with https://.");
        (await ada.GetByLabel("Provider’s entity ID").InputValueAsync()).ShouldBe(provider.EntityId, "nothing typed is lost");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.GetByLabel("Metadata file", new() { Exact = true }).CheckAsync();
        await ada.GetByLabel("Enter manually").CheckAsync();
        (await ada.GetByLabel("Provider’s entity ID").InputValueAsync()).ShouldBe(provider.EntityId, "nor by looking at another way");
        await ada.GetByLabel("Metadata file", new() { Exact = true }).CheckAsync();
        await ada.Locator("#input-file")
            .SetInputFilesAsync(new FilePayload { Name = "metadata.xml", MimeType = "application/xml", Buffer = "<html/>"u8.ToArray() });
        await ada.Click("Save and test");
        await ada.Sees("This is not SAML metadata.");
        await ada.Locator("#input-file")
            .SetInputFilesAsync(new FilePayload
            {
                Name = "metadata.xml",
                MimeType = "application/xml",
                Buffer = System.Text.Encoding.UTF8.GetBytes(await provider.Metadata())
            });
        await ada.Click("Save and test");
        await ada.Sees("Settings saved. They take effect after a successful test sign-in.");
        await ada.Sees("CN=Test provider");
        (await ada.Obstacles()).ShouldBeEmpty();

        await AsAtProvider(ada, world.Gus, () => ada.Click("Test sign-in"));
        await ada.Sees("someone whose account this organization does not manage");
        await ada.GotoAsync($"{home}/single-sign-on");
        await AsAtProvider(ada, world.Liam, () => ada.Click("Test sign-in"));
        await ada.Sees($"Test sign-in succeeded: the provider returned {world.Liam}. These settings are now active.");

        await ada.GotoAsync($"{home}/policies/new");
        await ada.Fill("Name", "Staff");
        await ada.GetByLabel("Sign in through your identity provider").CheckAsync();
        await ada.GetByLabel("Billable").UncheckAsync();
        await ada.Click("Create policy");
        await ada.Sees("A non-billable policy cannot have single sign-on.");
        await ada.GetByLabel("Billable").CheckAsync();
        await ada.Click("Create policy");
        await ada.Fill("Email addresses", world.Liam);
        await ada.Click("Move accounts");
        await ada.Sees("1 of 1 moved to “Staff”.");
        await ada.GotoAsync($"{home}/policies");
        await ada.Sees("Mandatory");
        await ada.Click("Staff");
        await ada.Sees("1 sign in through the identity provider");

        // The address leads there; with a script and without.
        await liam.GotoAsync("/sign-in");
        await AsAtProvider(liam, world.Gus, () => liam.AskFor(world.Liam));
        await liam.Sees("You are not signed in");
        (await liam.Obstacles()).ShouldBeEmpty();
        await liam.GotoAsync("/account/sessions");
        await AsAtProvider(liam, world.Liam, () => liam.AskFor(world.Liam));
        await liam.ComesTo("/account/sessions$");
        await liam.GotoAsync("/account/password");
        await liam.Sees("Your organization signs you in through its identity provider.");
        await bare.GotoAsync("/sign-in");
        await AsAtProvider(bare, world.Liam, () => bare.AskFor(world.Liam));
        await bare.Click("Submit");
        await bare.ComesTo("/account$");

        await ada.GotoAsync($"{home}/single-sign-on/remove");
        await ada.Sees("An authentication policy still uses this identity provider.");
        await ada.GotoAsync($"{home}/policies");
        await ada.Click("Staff");
        await ada.GetByLabel("Sign in through your identity provider").UncheckAsync();
        await ada.Click("Save");
        await ada.Sees("“Staff” saved.");
        await liam.Context.ClearCookiesAsync();
        await liam.SignIn(world.Liam);
        await liam.ComesTo("/account$");
        await ada.GotoAsync($"{home}/single-sign-on/remove");
        await ada.Click("Remove identity provider");
        await ada.Sees("The identity provider is removed.");
    });

    static async Task AsAtProvider(IPage page, string who, Func<Task> leave)
    {
        await leave();
        await Assertions.Expect(page.Heading()).ToHaveTextAsync("Sign in at the provider");
        await page.Fill("Who are you?", who);
        await page.Click("Sign in here");
    }
}
