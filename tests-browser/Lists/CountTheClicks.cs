namespace DirectoryPlatform.Tests.Browser.Lists;

/// <summary>What administrators do most, from the list, with the presses of the mouse counted; what is typed into the search counts for
/// nothing, and stands here as it would be typed (SPEC M10).</summary>
public sealed class CountTheClicks
{
    static ILocator Menu(IPage page) => page.Locator(".row-menu:popover-open");

    static Task OpenMenu(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { Name = $"Actions for {name}", Exact = true }).ClickAsync();

    static async Task Within(IPage page, Func<Task<string[]>> presses, int most)
    {
        var pressed = await presses();
        pressed.Length.ShouldBeInRange(1, most, string.Join(", ", pressed));
        await page.ForgetPresses();
    }

    [Fact, Trait("Rule", "M10"), Trait("Rule", "A3"), Trait("Rule", "A10"), Trait("Rule", "M2"), Trait("Rule", "M7"),
        Trait("Rule", "U10"), Trait("Rule", "U13"), Trait("Rule", "U15")]
    public Task Each_of_the_common_things_is_few_clicks_away_from_the_list() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var presses = await ada.Presses();
        await ada.Enter(world);
        var home = $"/o/{world.AcmeId}";
        await world.Query($"update accounts.account set managed_by = '{world.AcmeId}', claimed_at = now() "
            + $"where email like '%@{world.Acme}' and managed_by is null and email like 'a%' returning 1");
        await world.Query($"delete from sites.group_member where account_id = '{world.LiamId}' returning 1");
        await world.Query($"insert into security.two_step (account_id, secret, on_since, last_step) values "
            + $"('{world.LiamId}', 'x', now(), 0) returning 1");

        // What is asked again after a quarter of an hour would be a click more.
        await world.Query($"update security.session set proved_at = now() where account_id = '{world.AdaId}' returning 1");

        // Why somebody gets in: beside the list.
        await ada.GotoAsync($"{home}/users");
        await Type(ada, "liam");
        await ada.GetByRole(AriaRole.Link, new() { Name = "Liam Novak" }).ClickAsync();
        await Assertions.Expect(ada.Locator("dialog.sheet[open] tr:has-text('Jira') [data-label='Given by']").First)
            .ToContainTextAsync("Direct");
        await ada.Locator("dialog.sheet[open]").GetByRole(AriaRole.Link, new() { NameRegex = new("^Why ?: Jira") }).First.ClickAsync();
        await ada.Sees("Can Liam Novak open Jira?");
        await Within(ada, presses, 3);
        await ada.GotoAsync($"{home}/members");
        await Type(ada, "liam");
        await OpenMenu(ada, "Liam Novak");
        await Menu(ada).GetByRole(AriaRole.Link, new() { Name = "App access" }).ClickAsync();
        await ada.Locator("dialog.sheet[open]").GetByRole(AriaRole.Link, new() { NameRegex = new("^Why ?: Jira") }).First.ClickAsync();
        await ada.Sees("Can Liam Novak open Jira?");
        await Within(ada, presses, 3);

        // A group.
        foreach (var list in (string[])["members", "users"])
        {
            await world.Query($"delete from sites.group_member where account_id = '{world.LiamId}' returning 1");
            await ada.GotoAsync($"{home}/{list}");
            await Type(ada, "liam");
            await OpenMenu(ada, "Liam Novak");
            await Menu(ada).GetByRole(AriaRole.Link, new() { Name = "Add to group" }).ClickAsync();
            await ada.Front().GetByRole(AriaRole.Button, new() { NameRegex = new("^Add ?: Developers") }).ClickAsync();
            await Assertions.Expect(ada.Locator(".toasts")).ToContainTextAsync("Liam Novak was added to “Developers”.");
            await ada.ComesTo($"/{list}\\?q=liam$");
            await world.StillSays($"select count(*) from sites.group_member where account_id = '{world.LiamId}'", 1L);
            await Within(ada, presses, 3);
        }

        // A file of the users of all sites.
        await ada.GotoAsync($"{home}/users");
        await ada.Click("Export…");
        var file = await ada.RunAndWaitForDownloadAsync(() => ada.Click("Export CSV"));
        file.SuggestedFilename.ShouldStartWith("users-all-sites-");
        await Within(ada, presses, 2);

        // The second step.
        await ada.GotoAsync($"{home}/members");
        await Type(ada, "liam");
        await OpenMenu(ada, "Liam Novak");
        (await ada.Obstacles()).ShouldBeEmpty();
        await Menu(ada).GetByRole(AriaRole.Link, new() { Name = "Reset two-step verification" }).ClickAsync();
        await ada.Front().GetByRole(AriaRole.Button, new() { Name = "Reset two-step verification" }).ClickAsync();
        await Assertions.Expect(ada.Locator(".toasts")).ToContainTextAsync("Two-step verification was reset for Liam Novak.");
        await Within(ada, presses, 3);

        // One is deactivated; the list shows it, and the focus is where it was.
        await OpenMenu(ada, "Liam Novak");
        await Menu(ada).GetByRole(AriaRole.Link, new() { Name = "Deactivate" }).ClickAsync();
        await ada.Front().GetByRole(AriaRole.Button, new() { Name = "Deactivate account" }).ClickAsync();
        await Assertions.Expect(ada.Locator(".toasts")).ToContainTextAsync("Liam Novak is deactivated.");
        await Within(ada, presses, 3);
        await Assertions.Expect(ada.Locator("#list tbody tr").First).ToContainTextAsync("Deactivated");
        await Assertions.Expect(ada.Locator("[data-row-menu]").First).ToBeFocusedAsync();

        // Three are deactivated, with one review.
        await ada.GotoAsync($"{home}/members?status=active");
        var boxes = ada.Locator("#list tbody tr:not(:has-text('Ada Admin')) input[name=account]");
        await boxes.Nth(0).ClickAsync();
        await boxes.Nth(2).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await ada.Locator(".list-chosen").GetByRole(AriaRole.Button, new() { Name = "Deactivate" }).First.ClickAsync();
        await ada.Front().GetByRole(AriaRole.Button, new() { Name = "Deactivate 3 accounts" }).ClickAsync();
        await ada.ComesTo("/jobs/");
        await ada.Sees("Deactivate 3 accounts");
        await Within(ada, presses, 4);
    });

    [Fact, Trait("Rule", "M10")]
    public Task Whoever_is_opened_by_the_menu_has_the_same_neighbours_as_by_the_name() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        await world.Query($"update accounts.account set managed_by = '{world.AcmeId}', claimed_at = now() where id = '{world.AdaId}' "
            + "returning 1");
        // Whichever of the scripts arrives late.
        await ada.RouteAsync("**/sheet*.js*", async route => { await Task.Delay(300); await route.ContinueAsync(); });
        await ada.GotoAsync($"/o/{world.AcmeId}/users");
        await OpenMenu(ada, "Ada Admin");
        await Menu(ada).GetByRole(AriaRole.Link, new() { Name = "Update details" }).ClickAsync();
        var sheet = ada.Locator("dialog.sheet[open]");
        await ada.ComesTo($"/members/{world.AdaId}$");
        await Assertions.Expect(sheet.Locator("[data-sheet=next]")).ToBeEnabledAsync();
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(sheet).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator("#list").GetByRole(AriaRole.Link, new() { Name = "Ada Admin" })).ToBeFocusedAsync();
        await ada.UnrouteAllAsync();
    });

    [Fact, Trait("Rule", "M10"), Trait("Rule", "A2"), Trait("Rule", "A5"), Trait("Rule", "U4")]
    public Task What_the_menu_sends_at_once_or_after_a_question_is_told_above_the_list_that_stays() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        var home = $"/o/{world.AcmeId}";
        await world.Query($"update security.session set proved_at = now() where account_id = '{world.AdaId}' returning 1");
        var waiting = $"{await world.Query($"""
            update accounts.account set managed_by = '{world.AcmeId}', claimed_at = now() where id = (select id from accounts.account
              where state = 0 and domain = '{world.Acme}' order by id limit 1) returning email
            """)}";

        // At once: the one thing that is sent without a question.
        var list = $"{home}/members?q={Uri.EscapeDataString(waiting)}";
        await ada.GotoAsync(list);
        var button = ada.Locator("[data-row-menu]");
        await Assertions.Expect(button).ToHaveCountAsync(1);
        var resend = Menu(ada).GetByRole(AriaRole.Button, new() { Name = "Resend verification email" });
        await button.ClickAsync();
        await resend.ClickAsync();
        await Stays($"Verification email sent to {waiting}.");
        await world.StillSays($"select count(*) from kernel.mail where recipient = '{waiting}' "
            + "and letter->>'link' like '%/verify-email?token=%'", 1L);

        // What is refused stays on the page, above the list.
        await button.ClickAsync();
        await resend.ClickAsync();
        await Assertions.Expect(ada.Locator("#main > .notice[role=alert]")).ToContainTextAsync("less than a minute ago");
        new Uri(ada.Url).PathAndQuery.ShouldBe(list);
        (await ada.Obstacles()).ShouldBeEmpty();

        // After a question, which stands over the list.
        list = $"{home}/members?q=liam";
        await ada.GotoAsync(list);
        button = ada.GetByRole(AriaRole.Button, new() { Name = "Actions for Liam Novak", Exact = true });
        await Choose("Delete");
        await ada.Front().GetByLabel("I understand that the data is permanently erased").CheckAsync();
        await Answer("Delete account", "Liam Novak will be deleted in 14 days.", "Pending deletion");
        await Choose("Cancel deletion");
        await Answer("Cancel deletion", "Liam Novak is active again.", "Active");
        list = $"{home}/users?q=liam";
        await ada.GotoAsync(list);
        await Choose("Suspend on all sites");
        await Answer("Suspend", "Liam Novak is suspended on all sites.", "Suspended");
        await Choose("Restore on all sites");
        await Answer("Restore", "Liam Novak is restored on all sites.", "Active");

        // Whoever is only invited has a menu, too: it is the invitation's.
        await world.Query($"update sites.invitation set sent_at = sent_at - interval '2 minutes' where email = 'newcomer@{world.Mail}' "
            + "returning 1");
        list = $"{home}/users?status=invited";
        await ada.GotoAsync(list);
        button = ada.GetByRole(AriaRole.Button, new() { Name = $"Actions for newcomer@{world.Mail}" });
        await button.ClickAsync();
        await Menu(ada).GetByRole(AriaRole.Button, new() { Name = "Resend invitation" }).ClickAsync();
        await Stays("Invitation sent again. The earlier link no longer works.");
        await button.ClickAsync();
        await Menu(ada).GetByRole(AriaRole.Button, new() { Name = "Revoke invitation" }).ClickAsync();
        await Assertions.Expect(ada.Locator(".toasts")).ToContainTextAsync("Invitation revoked. Its link no longer works.");
        new Uri(ada.Url).PathAndQuery.ShouldBe(list);
        await Assertions.Expect(button).ToHaveCountAsync(0);

        async Task Choose(string action)
        {
            await button.ClickAsync();
            await Menu(ada).GetByRole(AriaRole.Link, new() { Name = action }).ClickAsync();
            await Assertions.Expect(Menu(ada)).ToHaveCountAsync(0);
        }

        async Task Answer(string word, string told, string row)
        {
            await ada.Front().GetByRole(AriaRole.Button, new() { Name = word, Exact = true }).ClickAsync();
            await Stays(told);
            await Assertions.Expect(ada.Locator("#list tbody tr").Filter(new() { HasText = world.Liam })).ToContainTextAsync(row);
        }

        async Task Stays(string told)
        {
            await Assertions.Expect(ada.Locator(".toasts")).ToContainTextAsync(told);
            new Uri(ada.Url).PathAndQuery.ShouldBe(list);
            await Assertions.Expect(button).ToBeFocusedAsync();
        }
    });

    static async Task Type(IPage page, string text)
    {
        await page.Locator("#q").FillAsync(text);
        await page.ComesTo($"q={text}");
    }

    [Fact, Trait("Rule", "M10"), Trait("Rule", "S9")]
    public Task The_menu_of_a_row_offers_what_is_possible_there_by_keys_and_on_a_phone_too() => Journey.Through(async (go, world) =>
    {
        var (ada, phone, plain) = (await go.Somebody(), await go.Somebody(width: 390), await go.Somebody(script: false));
        var home = $"/o/{world.AcmeId}";
        foreach (var page in (IPage[])[ada, phone, plain]) await page.Enter(world);
        await world.Query($"update accounts.account set managed_by = '{world.AcmeId}', claimed_at = now() where id = '{world.AdaId}' "
            + "returning 1");
        await ada.GotoAsync($"{home}/members?q=liam");
        var button = ada.Locator("[data-row-menu]").First;
        await button.FocusAsync();
        await ada.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Menu(ada)).ToBeVisibleAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        var offered = await Menu(ada).Locator("a").AllInnerTextsAsync();
        await Assertions.Expect(Menu(ada).Locator("a").First).ToBeFocusedAsync();
        await ada.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(Menu(ada).Locator("a").Nth(1)).ToBeFocusedAsync();
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Menu(ada)).ToHaveCountAsync(0);
        await Assertions.Expect(button).ToBeFocusedAsync();
        await button.ClickAsync();
        await Assertions.Expect(Menu(ada)).ToBeVisibleAsync();
        await button.ClickAsync();
        await Assertions.Expect(Menu(ada)).ToHaveCountAsync(0);

        // The profile offers the same, and nothing that is not possible.
        offered.ShouldContain(a => a.Contains("Deactivate", StringComparison.Ordinal));
        offered.ShouldNotContain(a => a.Contains("Reactivate", StringComparison.Ordinal));
        await ada.GotoAsync($"{home}/members?q={Uri.EscapeDataString(world.Ada)}");
        await ada.Locator("[data-row-menu]").First.ClickAsync();
        await Assertions.Expect(Menu(ada)).ToContainTextAsync("You cannot do this to your own account");
        (await Menu(ada).Locator("a[href$='/deactivate']").CountAsync()).ShouldBe(0);

        await phone.GotoAsync($"{home}/users?q=liam");
        await phone.Locator("[data-row-menu]").First.ClickAsync();
        await Assertions.Expect(Menu(phone)).ToBeVisibleAsync();
        (await phone.TooWide()).ShouldBeNull();
        (await phone.Obstacles()).ShouldBeEmpty();
        (await phone.CutOff(".row-menu")).ShouldBeEmpty();

        // Without script the name leads to the same.
        await plain.GotoAsync($"{home}/members?q=liam");
        await Assertions.Expect(plain.Locator("[data-row-menu]").First).ToBeHiddenAsync();
        await plain.Locator(".who-name").First.ClickAsync();
        await plain.Click("Deactivate");
        await Assertions.Expect(plain.Heading()).ToHaveTextAsync("Deactivate Liam Novak");
        await plain.GotoAsync($"{home}/users/{world.JaneId}/groups/add");
        await plain.GetByRole(AriaRole.Button, new() { Name = "Add to group" }).WaitForAsync();
    });
}
