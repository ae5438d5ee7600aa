namespace DirectoryPlatform.Tests.Browser.Accounts;

/// <summary>An admin at the profile of a managed account (SPEC M2 to M5).</summary>
public sealed class EditProfiles
{
    static ILocator Row(IPage page, string detail) => page.Locator($"#detail-{detail}");

    static ILocator Input(IPage page, string detail) => page.Locator($"#value-{detail}");

    static Task Says(IPage page, string detail, string text) => Assertions.Expect(Row(page, detail).Locator(".detail-value"))
        .ToHaveTextAsync(text);

    static async Task<string> OpenLiam(IPage page, World world)
    {
        var home = await page.SignInAsAdmin(world.Ada);
        var path = $"{home}/members/{world.LiamId}";
        await page.GotoAsync(path);
        return path;
    }

    [Fact, Trait("Rule", "M2"), Trait("Rule", "M3")]
    public Task Details_are_edited_in_place_left_with_Esc_refused_when_wrong_or_stale_and_told_in_the_history() =>
        Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var path = await OpenLiam(ada, world);
        await Says(ada, "job-title", "Not set");

        // Click, type, leave: nothing has happened, and the keyboard stays where it was.
        await Row(ada, "job-title").Locator("a").ClickAsync();
        await Assertions.Expect(Input(ada, "job-title")).ToBeFocusedAsync();
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Keyboard.TypeAsync("Nobody");
        await ada.Keyboard.PressAsync("Escape");
        await Says(ada, "job-title", "Not set");
        await Assertions.Expect(Row(ada, "job-title").Locator("a")).ToBeFocusedAsync();

        // The tick saves, and so does Enter.
        await ada.Keyboard.PressAsync("Enter");
        await Input(ada, "job-title").FillAsync("Engineer");
        await Row(ada, "job-title").GetByRole(AriaRole.Button, new() { Name = "Save job title" }).ClickAsync();
        await Says(ada, "job-title", "Engineer");
        await Assertions.Expect(Row(ada, "job-title")).ToContainTextAsync("Saved");
        await Assertions.Expect(ada.Locator("#history-lines li").First).ToContainTextAsync("Ada Admin changed the job title of Liam Novak");
        await Assertions.Expect(ada.Locator("#history-lines li").First).ToContainTextAsync("Job title: Engineer");
        (await ada.Obstacles()).ShouldBeEmpty();
        ada.Url.ShouldEndWith(path);

        // The second block, and a value that cannot be: the text stays for another try.
        await ada.GetByText("Show more details").ClickAsync();
        await Row(ada, "time-zone").Locator("a").ClickAsync();
        await Input(ada, "time-zone").FillAsync("Berlin");
        await ada.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Row(ada, "time-zone")).ToContainTextAsync("This time zone does not exist");
        (await Input(ada, "time-zone").InputValueAsync()).ShouldBe("Berlin");
        (await ada.Obstacles()).ShouldBeEmpty();
        await Input(ada, "time-zone").FillAsync("europe/berlin");
        await ada.Keyboard.PressAsync("Enter");
        await Says(ada, "time-zone", "Europe/Berlin");

        await ada.Pictured("profile");

        // Somebody else saves first: nothing of either is lost.
        var other = await go.Somebody();
        await other.Enter(world);
        await other.GotoAsync(path);
        await Row(other, "job-title").Locator("a").ClickAsync();
        await Row(ada, "job-title").Locator("a").ClickAsync();
        await Input(ada, "job-title").FillAsync("Director");
        await ada.Keyboard.PressAsync("Enter");
        await Says(ada, "job-title", "Director");
        await Input(other, "job-title").FillAsync("Chief");
        await other.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Row(other, "job-title")).ToContainTextAsync("it is now “Director”");
        (await Input(other, "job-title").InputValueAsync()).ShouldBe("Chief");
        await other.Pictured("stale");
        await world.StillSays($"select job_title from accounts.profile where account_id = '{world.LiamId}'", "Director");
        await Row(other, "job-title").GetByRole(AriaRole.Button).ClickAsync();
        await Says(other, "job-title", "Chief");
        await world.StillSays($"select job_title from accounts.profile where account_id = '{world.LiamId}'", "Chief");

        // The name stands at the top, too.
        await Row(ada, "name").Locator("a").ClickAsync();
        await Input(ada, "name").FillAsync("Liam O’Novak");
        await ada.Keyboard.PressAsync("Enter");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Liam O’Novak");

        // What the identity provider owns says so, field by field.
        await world.Query(
            $"update accounts.profile set provisioned_by = 'Okta', provisioned_fields = '{{jobTitle,email}}' where account_id = "
            + $"'{world.LiamId}' returning 1");
        await ada.ReloadAsync();
        await ada.Sees("Provisioned from Okta");
        await Assertions.Expect(Row(ada, "job-title")).ToContainTextAsync("Okta provides this value");
        await Assertions.Expect(Row(ada, "job-title").Locator("a")).ToHaveCountAsync(0);
        await Assertions.Expect(Row(ada, "email")).ToContainTextAsync("Okta provides this value");
        await Assertions.Expect(Row(ada, "department").Locator("a")).ToHaveCountAsync(1);
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Pictured("provisioned");
        await Row(other, "job-title").Locator("a").ClickAsync();
        await other.Sees("Provisioned from Okta");
    });

    [Fact, Trait("Rule", "M3"), Trait("Rule", "M5")]
    public Task The_same_works_without_script() => Journey.Through(async (go, world) =>
    {
        var (ada, other) = (await go.Somebody(script: false), await go.Somebody(script: false, width: 360));
        var path = await OpenLiam(ada, world);
        await other.Enter(world);
        await other.GotoAsync($"{path}/details/department");
        await Row(ada, "department").Locator("a").ClickAsync();
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Edit department");
        await Assertions.Expect(ada.GetByRole(AriaRole.Button, new() { Name = "Save department" })).ToHaveTextAsync("Save");
        await Input(ada, "department").FillAsync("Research");
        await ada.Click("Save department");
        await ada.Sees("Department: saved.");
        await Says(ada, "department", "Research");
        await Input(other, "department").FillAsync("Sales");
        await other.Click("Save department");
        await other.Sees("it is now “Research”");
        (await Input(other, "department").InputValueAsync()).ShouldBe("Sales");
        await other.Click("Cancel editing department");
        await Says(other, "department", "Research");
        await ada.GotoAsync($"{path}/details/name");
        await Input(ada, "name").FillAsync(new('x', 101));
        await ada.Click("Save name");
        await ada.Sees("At most 100 characters; this has 101.");

        await ada.GotoAsync($"{path}/picture");
        await ada.Locator("#input-file")
            .SetInputFilesAsync(new FilePayload { Name = "me.gif", MimeType = "image/gif", Buffer = PictureFiles.Gif(300, 200) });
        await ada.Click("Save picture");
        await ada.Sees("Picture updated.");
        await Assertions.Expect(ada.Locator(".portrait img")).ToBeVisibleAsync();
    });

    [Fact, Trait("Rule", "M4")]
    public Task An_address_is_changed_to_an_own_domain_only_and_the_person_signs_in_anew() => Journey.Through(async (go, world) =>
    {
        var (ada, liam) = (await go.Somebody(), await go.Somebody());
        await liam.SignIn(world.Liam);
        await liam.Sees("Acme manages this account");
        var path = await OpenLiam(ada, world);
        await Row(ada, "email").Locator("a").ClickAsync();
        await ada.Sees("signed out everywhere");
        await ada.Sees(world.Acme);
        foreach (var (wrong, why) in ((string, string)[])[
            ($"liam@{world.Globex}", $"has not verified {world.Globex}"), ($"ADA@{world.Acme}", "belongs to another account"),
            (world.Liam, "already")])
        {
            await ada.Fill("New email address", wrong);
            await ada.Click("Change email address");
            await ada.Sees(why);
            (await ada.GetByLabel("New email address").InputValueAsync()).ShouldBe(wrong);
        }
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Pictured("email");
        await ada.Fill("New email address", $"liam.novak@{world.Acme}");
        await ada.Click("Change email address");
        await ada.Sees("The email address of Liam Novak is changed.");
        await Says(ada, "email", $"liam.novak@{world.Acme}");
        await Assertions.Expect(ada.Locator("#history-lines li").First)
            .ToContainTextAsync($"Ada Admin changed the email address of Liam Novak to liam.novak@{world.Acme}");

        await liam.ReloadAsync();
        await Assertions.Expect(liam.Heading()).ToHaveTextAsync("Sign in");
        await liam.SignIn(world.Liam);
        await liam.Sees("wrong");
        await liam.SignIn($"liam.novak@{world.Acme}");
        await liam.Sees("Acme manages this account");
        await liam.GotoAsync($"/demo/mail?to={world.Liam}");
        await liam.Sees("The email address of your account was changed");
    });

    [Fact, Trait("Rule", "M5")]
    public Task A_picture_is_chosen_cropped_shown_and_taken_away_and_nothing_but_a_picture_is_served() =>
        Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var path = await OpenLiam(ada, world);
        await ada.Click("Change picture");
        await ada.Click("Save picture");
        await ada.Sees("Choose a picture first.");
        await ada.Locator("#input-file")
            .SetInputFilesAsync(new FilePayload
            {
                Name = "me.png",
                MimeType = "image/png",
                Buffer = "<html><script>alert(1)</script>"u8.ToArray()
            });
        await ada.Click("Save picture");
        await ada.Sees("This picture cannot be read.");
        (await ada.Obstacles()).ShouldBeEmpty();

        // Dropped on the form, a file is as good as chosen.
        var dropped = await ada.EvaluateHandleAsync("""
            base64 => {
              const d = new DataTransfer();
              d.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], 'me.png', { type: 'image/png' }));
              return d;
            }
            """,
            Convert.ToBase64String(PictureFiles.Png(80, 40)));
        await ada.DispatchEventAsync("form[data-picture]", "drop", new { dataTransfer = dropped });
        await Assertions.Expect(ada.Locator("canvas")).ToBeVisibleAsync();
        (await ada.Locator("#input-file").InputValueAsync()).ShouldEndWith("me.png");

        // Dragged to its right end, the square is blue all over.
        await ada.Locator("#input-file")
            .SetInputFilesAsync(new FilePayload { Name = "me.jpg", MimeType = "image/jpeg", Buffer = PictureFiles.Jpeg(600, 200) });
        await Assertions.Expect(ada.Locator("canvas")).ToBeVisibleAsync();
        await ada.Locator("canvas").FocusAsync();
        await ada.Pictured("crop");
        for (var i = 0; i < 30; i++) await ada.Keyboard.PressAsync("ArrowRight");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Click("Save picture");
        await ada.Sees("Picture updated.");
        var image = ada.Locator(".portrait img");
        await Assertions.Expect(image).ToBeVisibleAsync();
        await ada.Pictured("pictured");
        (await image.EvaluateAsync<int>("i => i.naturalWidth * 1000 + i.naturalHeight")).ShouldBe(256_256);
        (await image.EvaluateAsync<bool>("""
            i => {
              const c = document.createElement('canvas');
              c.width = c.height = 256;
              const p = c.getContext('2d');
              p.drawImage(i, 0, 0);
              return [[5, 5], [250, 5], [5, 250], [250, 250], [128, 128]].every(([x, y]) => {
                const [r, g, b] = p.getImageData(x, y, 1, 1).data;
                return r < 40 && g < 40 && b > 215;
              });
            }
            """)).ShouldBeTrue();
        await Assertions.Expect(ada.Locator("#history-lines li").First).ToContainTextAsync("Ada Admin changed the picture of Liam Novak");

        var served = await ada.APIRequest.GetAsync($"{path}/picture.webp");
        (served.Status, served.Headers["content-type"], served.Headers["x-content-type-options"], served.Headers["cache-control"])
            .ShouldBe((200, "image/webp", "nosniff", "private, no-cache"));
        (await ada.APIRequest.GetAsync($"{path}/picture.webp",
            new() { Headers = new Dictionary<string, string> { ["If-None-Match"] = served.Headers["etag"] } })).Status.ShouldBe(304);
        var stranger = await go.Somebody();
        await stranger.SignIn(world.Gus);
        await stranger.ComesTo($"/{Steps.Overview}$");
        (await stranger.APIRequest.GetAsync($"{path}/picture.webp")).Status.ShouldBe(404);
        (await (await go.Somebody()).APIRequest.GetAsync($"{path}/picture.webp", new() { MaxRedirects = 0 })).Status.ShouldBe(302);

        await ada.Click("Change picture");
        await ada.Click("Remove picture");
        await ada.Sees("Picture removed.");
        await Assertions.Expect(ada.Locator(".portrait .avatar")).ToHaveTextAsync("LN");
        (await ada.APIRequest.GetAsync($"{path}/picture.webp")).Status.ShouldBe(404);
    });
}

static class ProfileSteps
{
    /// <summary>For whoever wants to look at it: with PICTURES set to a folder, what the page looks like now, on a desk and on a phone, in
    /// light and dark.</summary>
    public static async Task Pictured(this IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PICTURES") is not { } folder) return;
        var size = page.ViewportSize!;
        foreach (var (width, theme) in ((int, ColorScheme)[])[
            (1280, ColorScheme.Light), (1280, ColorScheme.Dark), (360, ColorScheme.Light), (360, ColorScheme.Dark)])
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            await page.ScreenshotAsync(new() { Path = $"{folder}/{name}-{width}-{theme}.png", FullPage = true });
        }
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }
}
