using System.Diagnostics;

namespace DirectoryPlatform.Tests.Browser.Accounts;

/// <summary>A person's password and second step, in the browser (SPEC S1, S2, A12, M7).</summary>
public sealed class ProveOneself
{
    const string Better = "seven copper kettles";

    [Fact, Trait("Rule", "S1")]
    public Task A_person_changes_the_password_watching_the_meter_and_is_signed_out_elsewhere() => Journey.Through(async (go, world) =>
    {
        var (jane, phone) = (await go.Somebody(), await go.Somebody(width: 360, theme: ColorScheme.Dark));
        await jane.SignIn(world.Jane);
        await phone.SignIn(world.Jane);
        await phone.ComesTo("/account$");
        await jane.Click("Change password");
        await jane.Fill("New password", "password1");
        await Assertions.Expect(jane.Locator("#strength strong")).ToHaveTextAsync("Weak");
        await jane.Sees("too easy to guess");
        (await jane.Obstacles()).ShouldBeEmpty();
        await jane.Pictured("weak");
        await jane.Fill("New password", "");
        await Assertions.Expect(jane.Locator("#strength strong")).ToHaveCountAsync(0);
        await jane.Fill("New password", Better + " walk to Saturn");
        await Assertions.Expect(jane.Locator("#strength strong")).ToHaveTextAsync("Very strong");
        await jane.Fill("Current password", "not this one");
        await jane.Click("Change password");
        await jane.Sees("This is not your password.");
        (await jane.Locator("#input-password").InputValueAsync()).ShouldBeEmpty();
        (await jane.Obstacles()).ShouldBeEmpty();
        await jane.Fill("Current password", Steps.DemoPassword);
        await jane.Fill("New password", Better);
        await jane.Click("Change password");
        await jane.Sees("Your password is changed. You are signed out everywhere else.");
        await phone.ReloadAsync();
        await Assertions.Expect(phone.Heading()).ToHaveTextAsync("Sign in");
        await phone.SignIn(world.Jane);
        await phone.Sees("The email address or the password is wrong.");
        await phone.SignIn(world.Jane, Better);
        await phone.ComesTo("/account$");
    });

    [Fact, Trait("Rule", "S1")]
    public Task Somebody_without_script_on_a_phone_sets_a_forgotten_password_by_mail() => Journey.Through(async (go, world) =>
    {
        var liam = await go.Somebody(script: false, width: 360, theme: ColorScheme.Dark);
        await liam.GotoAsync("/sign-in");
        await liam.Click("Forgot your password?");
        await liam.Fill("Email address", "liam@nowhere");
        await liam.Click("Send link");
        await liam.Sees("not a domain name");
        (await liam.GetByLabel("Email address").InputValueAsync()).ShouldBe("liam@nowhere");
        await liam.Fill("Email address", world.Liam);
        await liam.Click("Send link");
        await liam.Sees("If there is an account with this address");
        var mailed = $"select count(*) from kernel.mail where recipient = '{world.Liam}' and template = 'password-reset'";
        await Patience.Until(async () => await world.Query(mailed) is > 0L);
        await liam.Click("Open the demo mailbox");
        await liam.Locator("article a[href*='reset-password']").First.ClickAsync();
        var link = liam.Url;
        await liam.Fill("New password", "qwertyuiop");
        await liam.Click("Set password");
        await liam.Sees("too easy to guess");
        await liam.Fill("New password", Better);
        await liam.Click("Set password");
        await liam.Sees("Your new password is set. Sign in with it.");
        await liam.SignIn(world.Liam, Better);
        await liam.ComesTo("/account$");
        await liam.GotoAsync(link);
        await liam.Sees("This link has been used");
    });

    [Fact, Trait("Rule", "S2"), Trait("Rule", "M2"), Trait("Rule", "M7")]
    public Task A_person_sets_up_the_second_step_signs_in_with_it_and_an_admin_takes_it_back() => Journey.Through(async (go, world) =>
    {
        var liam = await go.Somebody();
        await liam.SignIn(world.Liam);
        await liam.Click("Two-step verification");
        await liam.Click("Set up two-step verification");
        var key = (await liam.Locator("#two-step-key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        (await Scanned(liam))
            .ShouldBe($"otpauth://totp/DirectoryPlatform:liam%40{world.Acme}?secret={key}&issuer=DirectoryPlatform"
                + "&algorithm=SHA1&digits=6&period=30");
        await liam.Pictured("set-up");
        await liam.Fill("Code", "000 000"); // the sixth digit sends it
        await liam.Sees("This code does not match the key");
        (await liam.Locator("#two-step-key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal)
            .ShouldBe(key, "the app has it already");
        (await liam.GetByRole(AriaRole.Link, new() { Name = "Open in an authenticator app" }).GetAttributeAsync("href"))
            .ShouldBe(await Scanned(liam));
        await liam.Fill("Code", await Oathtool.Code(key, DateTimeOffset.UtcNow));
        await Assertions.Expect(liam.Heading()).ToHaveTextAsync("Two-step verification is on");
        var codes = await liam.Locator("#recovery-codes li").AllInnerTextsAsync();
        codes.Count.ShouldBe(10);
        await liam.Pictured("codes");
        (await liam.Obstacles()).ShouldBeEmpty();
        Uri.UnescapeDataString((await liam.Locator("a[download]").GetAttributeAsync("href"))!)
            .ShouldContain($"each can be used once:\n\n{codes[0].Trim()}\n");
        await liam.Click("I have saved them");

        // The pages that exist only now.
        foreach (var path in (string[])["/account/two-step", "/account/two-step/recovery-codes", "/account/two-step/turn-off"])
            foreach (var (width, theme) in ((int, ColorScheme)[])[(1280, ColorScheme.Light), (360, ColorScheme.Dark)])
            {
                await liam.SetViewportSizeAsync(width, 900);
                await liam.EmulateMediaAsync(new() { ColorScheme = theme });
                await liam.GotoAsync(path);
                await liam.ComesTo($"{path}$");
                (await liam.Obstacles()).ShouldBeEmpty();
                (await liam.IsTooWide()).ShouldBeFalse(path);
            }
        await liam.SetViewportSizeAsync(1280, 900);
        await liam.GotoAsync("/account/two-step/recovery-codes");
        await liam.Fill("Your password", "wrong one");
        await liam.Click("Create ten new codes");
        await liam.Sees("This is not your password.");
        await liam.Fill("Your password", Steps.DemoPassword);
        await liam.Click("Create ten new codes");
        await Assertions.Expect(liam.Heading()).ToHaveTextAsync("Your new recovery codes");
        var fresh = await liam.Locator("#recovery-codes li").AllInnerTextsAsync();

        // By keyboard and without script, and back to the page that was asked for.
        var phone = await go.Somebody(script: false, width: 360, theme: ColorScheme.Dark);
        await phone.GotoAsync("/account/password");
        await Assertions.Expect(phone.Locator("#input-email")).ToBeFocusedAsync();
        await phone.Keyboard.TypeAsync(world.Liam);
        await phone.Keyboard.PressAsync("Enter");
        await Assertions.Expect(phone.Locator("#input-password")).ToBeFocusedAsync();
        await phone.Keyboard.TypeAsync(Steps.DemoPassword);
        await phone.Keyboard.PressAsync("Enter");
        await Assertions.Expect(phone.Heading()).ToHaveTextAsync("Enter your code");
        // The same with script, which axe needs.
        var reader = await go.Somebody(width: 360, theme: ColorScheme.Dark);
        await reader.SignIn(world.Liam);
        await reader.Fill("Code", "000000");
        await reader.Sees("This code is wrong");
        await Assertions.Expect(reader.Locator("#input-code")).ToBeFocusedAsync();
        (await reader.Obstacles()).ShouldBeEmpty();
        await reader.Pictured("code");
        await phone.GotoAsync("/account");
        await Assertions.Expect(phone.Heading()).ToHaveTextAsync("Sign in");
        await phone.GotoAsync("/account/password");
        await phone.AskFor(world.Liam);
        await phone.Fill("Password", Steps.DemoPassword);
        await phone.Click("Sign in");
        await phone.Locator("summary", new() { HasText = "Use a recovery code" }).ClickAsync();
        await phone.Fill("Recovery code", codes[0]);
        await phone.Click("Use recovery code");
        await phone.Sees("This code is wrong");
        await Assertions.Expect(phone.Locator("#input-recovery")).ToBeFocusedAsync();
        await phone.Fill("Recovery code", fresh[0]);
        await phone.Keyboard.PressAsync("Enter");
        await phone.ComesTo("/account/password$");

        // The admin sees it, resets it, then the password.
        var ada = await go.Somebody();
        var acme = await ada.SignInAsAdmin(world.Ada);
        await ada.GotoAsync($"{acme}/members/{world.LiamId}");
        await ada.Click("Security");
        await Assertions.Expect(ada.Locator("section[aria-labelledby=sign-in-security]")).ToContainTextAsync("On since");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Locator("section[aria-labelledby=sign-in-security]").GetByText("Reset two-step verification").ClickAsync();
        await ada.Sees("the password alone is enough");
        await ada.Locator("form button.btn-danger").ClickAsync();
        await ada.Sees("Two-step verification was reset for Liam Novak.");
        await Assertions.Expect(ada.Locator("section[aria-labelledby=sign-in-security]")).ToContainTextAsync("Off");
        (await ada.GetByRole(AriaRole.Main).GetByText("Reset two-step").CountAsync()).ShouldBe(0);
        await ada.Locator("section[aria-labelledby=sign-in-security]").GetByText("Reset password").ClickAsync();
        await ada.Sees("Let Liam Novak know first");
        await ada.Locator("form button.btn-danger").ClickAsync();
        await ada.Sees("must choose a new password at the next sign-in");
        await ada.Click("Activity");
        await ada.Sees("reset the password of Liam Novak");

        await liam.GotoAsync("/account");
        await Assertions.Expect(liam.Heading()).ToHaveTextAsync("Sign in");
        await liam.SignIn(world.Liam);
        await Assertions.Expect(liam.Heading()).ToHaveTextAsync("Choose a new password");
        (await liam.Obstacles()).ShouldBeEmpty();
        await liam.Pictured("must-change");
        await liam.Fill("New password", Steps.DemoPassword);
        await liam.Click("Set password and sign in");
        await liam.Sees("too easy to guess");
        await liam.Fill("New password", Better);
        await liam.Click("Set password and sign in");
        await liam.ComesTo("/account$");
    });

    /// <summary>What a reader that is not ours reads from the code on the page (zbarimg, Debian package zbar-tools).</summary>
    static async Task<string> Scanned(IPage page)
    {
        var file = Path.Combine(Path.GetTempPath(), $"qr-{Guid.NewGuid():N}.png");
        try
        {
            await page.Locator("svg.qr").ScreenshotAsync(new() { Path = file });
            using var reader =
                Process.Start(new ProcessStartInfo("zbarimg", ["--quiet", "--raw", file]) { RedirectStandardOutput = true })!;
            var text = (await reader.StandardOutput.ReadToEndAsync()).Trim();
            await reader.WaitForExitAsync();
            return text;
        }
        finally { File.Delete(file); }
    }
}
