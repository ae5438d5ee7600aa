namespace DirectoryPlatform.Tests.Browser.Security;

/// <summary>Devices, tokens, roles and the question whether it is still you, as people meet them in a browser; the phone and the page
/// without script included.</summary>
public sealed class KeepOnesDevices
{
    [Fact, Trait("Rule", "S3"), Trait("Rule", "S4"), Trait("Rule", "S7"), Trait("Rule", "M6"), Trait("Rule", "M8")]
    public Task A_person_keeps_devices_and_tokens_and_an_admin_takes_them_back_and_appoints_another() =>
        Journey.Through(async (go, world) =>
    {
        var (liam, phone) = (await go.Somebody(), await go.Somebody(script: false, width: 360));
        await liam.SignIn(world.Liam);
        await liam.ComesTo("/account$");
        await phone.SignIn(world.Liam);
        await liam.Click("Devices");
        await liam.Sees("This device");
        await Assertions.Expect(liam.Locator("tbody tr")).ToHaveCountAsync(2);
        await liam.Click("Sign out of all other devices");
        await liam.Sees("1 device is signed out.");
        await phone.GotoAsync("/account");
        await phone.ComesTo("/sign-in");

        await phone.SignIn(world.Liam);
        await phone.GotoAsync("/account/api-tokens");
        await phone.Sees("No API tokens");
        await phone.Fill("Label", "Nightly backup");
        await phone.Fill("Expires in (days)", "400");
        await phone.Click("Create API token");
        await phone.Sees("Enter a number of days from 1 to 365.");
        await Assertions.Expect(phone.GetByLabel("Label")).ToHaveValueAsync("Nightly backup");
        await phone.Fill("Expires in (days)", "30");
        await phone.Click("Create API token");
        await phone.Sees("you will not see it again");
        var token = await phone.Locator("#copy-token").InnerTextAsync();
        token.ShouldStartWith("dpt_");
        (await phone.IsTooWide()).ShouldBeFalse("360 px is not wide enough for the token");
        await phone.Click("I have copied it");
        (await phone.ContentAsync()).ShouldNotContain(token);
        using var program = new HttpClient
        {
            BaseAddress = world.Installation.Address,
            DefaultRequestHeaders = { Authorization = new("Bearer", token) }
        };
        (await program.GetStringAsync("/api/me")).ShouldContain(world.Liam);

        var ada = await go.Somebody();
        var home = await ada.SignInAsAdmin(world.Ada);
        var member = $"{home}/members/{world.LiamId}?tab=security";
        await ada.GotoAsync(member);
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Click("Revoke");
        await ada.Sees("stop working at once");
        await ada.Click("Revoke API token");
        await ada.Sees("The API token “Nightly backup” is revoked.");
        (await program.GetAsync("/api/me")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        await Assertions.Expect(ada.Locator("a[href$='/log-out']:not([href*='/devices/'])")).ToHaveCountAsync(1);
        await ada.Locator("section[aria-labelledby=devices]").GetByText("Sign out everywhere").ClickAsync();
        await ada.Sees("can sign in again, and gets an email");
        await ada.Click("Sign out everywhere");
        await ada.Sees("is signed out of 2 devices.");
        await liam.GotoAsync("/account");
        await liam.ComesTo("/sign-in");

        // A form that stands open for an hour asks for the password and then does what was typed.
        await ada.Click("Admins");
        await ada.Sees("The only active admin");
        await ada.Click("Add admin");
        await ada.Fill("Email address", world.Liam);
        await world.Query(
            $"update security.session set proved_at = now() - interval '1 hour' where account_id = '{world.AdaId}' returning 1");
        await ada.Click("Add admin");
        await ada.Sees("what you entered is kept");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Fill("Password", "wrong");
        await ada.Click("Confirm and continue");
        await ada.Sees("This is not your password.");
        await ada.Fill("Password", Steps.DemoPassword);
        await ada.Click("Confirm and continue");
        await ada.Sees("Liam Novak is now an admin.");
        await world.Query(
            $"update security.session set proved_at = now() - interval '1 hour' where account_id = '{world.AdaId}' returning 1");
        await ada.Click("Leave");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Confirm it’s you");
        await ada.Fill("Password", Steps.DemoPassword);
        await ada.Click("Confirm and continue");
        await ada.Sees("You lose access to everything of this organization at once.");
        await ada.Click("Stop being an admin");
        await ada.Sees("You are no longer an admin of this organization.");
        (await ada.GotoAsync($"{home}/members"))!.Status.ShouldBe(404);
    });
}
