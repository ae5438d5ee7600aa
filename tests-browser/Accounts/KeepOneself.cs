namespace DirectoryPlatform.Tests.Browser.Accounts;

/// <summary>A person at the own account (SPEC A12).</summary>
public sealed class KeepOneself
{
    [Fact, Trait("Rule", "A12"), Trait("Rule", "A2"), Trait("Rule", "A5")]
    public Task A_person_edits_the_own_profile_moves_to_another_address_gives_up_and_comes_back() => Journey.Through(async (go, world) =>
    {
        var jane = await go.Somebody();
        await jane.SignIn(world.Jane);
        await jane.ComesTo("/account$");
        await jane.Locator("#detail-public-name a").ClickAsync();
        await jane.Locator("#value-public-name").FillAsync("Janey");
        await jane.Keyboard.PressAsync("Enter");
        await Assertions.Expect(jane.Locator("#detail-public-name .detail-value")).ToHaveTextAsync("Janey");
        await jane.Click("Change picture");
        await jane.Locator("#input-file")
            .SetInputFilesAsync(new FilePayload { Name = "me.webp", MimeType = "image/webp", Buffer = PictureFiles.WebP(90, 90) });
        await jane.Click("Save picture");
        await jane.Sees("Picture updated.");
        (await jane.APIRequest.GetAsync("/account/picture.webp")).Status.ShouldBe(200);

        // Another address, by a link to it.
        await jane.Locator("#detail-email a").ClickAsync();
        await jane.Fill("New email address", "jane@nowhere");
        await jane.Click("Send link");
        await jane.Sees("not a domain name");
        await jane.Fill("New email address", $"jane.doe@{world.Mail}");
        await jane.Click("Send link");
        await jane.Sees($"We sent a link to jane.doe@{world.Mail}.");
        await Assertions.Expect(jane.Locator("#detail-email .detail-value")).ToHaveTextAsync(world.Jane);
        (await jane.Obstacles()).ShouldBeEmpty();
        await jane.Pictured("own");
        await jane.Click("Open the demo mailbox");
        await jane.Locator("article a[href*='confirm-email']").First.ClickAsync();
        var link = jane.Url;
        await jane.Click("Confirm new email address");
        await jane.Sees($"Your email address is now jane.doe@{world.Mail}.");
        await jane.GotoAsync(link);
        await jane.Sees("This link has been used");
        await jane.SignIn($"jane.doe@{world.Mail}");
        await jane.ComesTo("/account$");

        // Gives up, and is told what that means.
        await jane.Click("Delete your account");
        await jane.Sees("14 days");
        await jane.Click("Delete my account");
        await jane.Sees("Select the checkbox");
        (await jane.Obstacles()).ShouldBeEmpty();
        await jane.Pictured("delete");
        await jane.GetByLabel("I understand").CheckAsync();
        await jane.Click("Delete my account");
        await jane.Sees("Your account will be deleted on");
        await jane.GotoAsync("/account");
        await Assertions.Expect(jane.Heading()).ToHaveTextAsync("Sign in");
        await jane.SignIn($"jane.doe@{world.Mail}", "a wrong password");
        await jane.Sees("The email address or the password is wrong.");
        (await jane.ContentAsync()).ShouldNotContain("deleted");

        // Comes back.
        await jane.SignIn($"jane.doe@{world.Mail}");
        await Assertions.Expect(jane.Heading()).ToHaveTextAsync("Your account is being deleted");
        (await jane.Obstacles()).ShouldBeEmpty();
        await jane.Pictured("comeback");
        await jane.Click("Continue with deletion");
        await Assertions.Expect(jane.Heading()).ToHaveTextAsync("Sign in");
        await jane.SignIn($"jane.doe@{world.Mail}");
        await jane.Click("Cancel deletion and sign in");
        await jane.Sees("The deletion is cancelled. Welcome back.");
        await Assertions.Expect(jane.Locator("#detail-public-name .detail-value")).ToHaveTextAsync("Janey");
        await Assertions.Expect(jane.Locator(".portrait img")).ToBeVisibleAsync();
    });

    [Fact, Trait("Rule", "C5"), Trait("Rule", "A12")]
    public Task A_managed_person_reads_who_manages_the_account_and_why_two_things_are_not_offered() => Journey.Through(async (go, world) =>
    {
        var liam = await go.Somebody(script: false, width: 360, theme: ColorScheme.Dark);
        await liam.SignIn(world.Liam);
        await liam.Sees("Acme manages this account");
        await liam.Sees("has managed your account since");
        await liam.Sees("You cannot change your email address or delete your account yourself");
        await Assertions.Expect(liam.Locator("#detail-email a")).ToHaveCountAsync(0);
        foreach (var path in (string[])["/account/email", "/account/delete"])
        {
            await liam.GotoAsync(path);
            await liam.ComesTo("/account$");
            await liam.Sees("Acme manages this account. Contact its admin.");
        }
        await liam.Locator("#detail-job-title a").ClickAsync();
        await liam.Locator("#value-job-title").FillAsync("Engineer");
        await liam.Click("Save job title");
        await liam.Sees("Job title: saved.");
    });
}
