using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Browser.Accounts;

/// <summary>One person, one profile (SPEC M10): few clicks, nothing that cannot be done, and beside a list without leaving it.</summary>
public sealed class OnePersonOneProfile
{
    static ILocator Sheet(IPage page) => page.Locator("dialog.sheet[open]");

    static async Task<string> Open(IPage page, World world, string list = "members")
    {
        await page.Enter(world);
        await page.GotoAsync($"/o/{world.AcmeId}/{list}?q=liam");
        return $"/o/{world.AcmeId}";
    }

    [Theory, Trait("Rule", "M10"), Trait("Rule", "A3"), Trait("Rule", "M2"), Trait("Rule", "U10"), Trait("Rule", "U13"),
        InlineData("deactivate"), InlineData("group"), InlineData("second step"), InlineData("why")]
    public Task What_is_needed_in_a_hurry_is_three_clicks_away(string need) => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var presses = await ada.Presses();
        await world.Query($"delete from sites.group_member where account_id = '{world.LiamId}' returning 1");
        await world.Query($"insert into security.two_step (account_id, secret, on_since, last_step) select '{world.LiamId}', 'x', now(), 0 "
            + $"where '{need}' = 'second step' returning 1");
        await Open(ada, world);
        await ada.GetByRole(AriaRole.Link, new() { Name = "Liam Novak" }).ClickAsync();
        await Sheet(ada).WaitForAsync();
        switch (need)
        {
            case "deactivate":
                await Sheet(ada).GetByRole(AriaRole.Link, new() { Name = "Deactivate" }).ClickAsync();
                await ada.GetByRole(AriaRole.Button, new() { Name = "Deactivate account" }).ClickAsync();
                await ada.Sees("Liam Novak is deactivated.");
                break;
            case "group":
                await Sheet(ada).GetByRole(AriaRole.Link, new() { Name = "Access", Exact = true }).ClickAsync();
                // By the mouse, which is counted: the field is not focused by itself.
                await Sheet(ada).GetByLabel("Add to group").First.ClickAsync();
                await Sheet(ada).GetByLabel("Add to group").First.FillAsync("developers");
                await ada.Keyboard.PressAsync("Enter");
                await ada.Sees("Liam Novak was added to “developers”.");
                break;
            case "second step":
                await Sheet(ada).GetByRole(AriaRole.Link, new() { Name = "Reset two-step verification" }).First.ClickAsync();
                await ada.GetByRole(AriaRole.Button, new() { Name = "Reset two-step verification" }).ClickAsync();
                await ada.Sees("Two-step verification was reset for Liam Novak.");
                break;
            default:
                await Sheet(ada).GetByRole(AriaRole.Link, new() { Name = "Access", Exact = true }).ClickAsync();
                await Sheet(ada).GetByRole(AriaRole.Link, new() { NameRegex = new("^Why ?: Jira") }).First.ClickAsync();
                await ada.Sees("Can Liam Novak open Jira?");
                break;
        }
        (await presses()).Length.ShouldBeInRange(2, 3, string.Join(", ", await presses()));
    });

    [Fact, Trait("Rule", "M10"), Trait("Rule", "M1")]
    public Task A_profile_opens_beside_the_list_which_stays_as_it_was() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        var list = $"/o/{world.AcmeId}/users";
        await ada.GotoAsync($"{list}?size=25");
        // As a search leaves it: the place in the history is htmx's own.
        await ada.GetByLabel("Search").First.FillAsync("a");
        await ada.ComesTo("q=a");
        var names = ada.Locator("#list tbody tr a.who-name");
        (await names.CountAsync()).ShouldBeGreaterThan(2);
        await ada.Locator("#list tbody input[name=account]").First.CheckAsync();
        var (first, second) = (await names.Nth(0).InnerTextAsync(), await names.Nth(1).InnerTextAsync());
        await names.Nth(0).ClickAsync();
        await Assertions.Expect(Sheet(ada)).ToHaveAttributeAsync("aria-label", first);
        await ada.ComesTo("/users/[0-9a-f-]{36}$");
        (await Sheet(ada).Locator("nav[aria-label=Pages], .side, .top").CountAsync()).ShouldBe(0, "the frame is there already");
        (await ada.Obstacles()).ShouldBeEmpty();

        // The next and the one before, and none before the first; letters while something is typed.
        await ada.Keyboard.PressAsync("j");
        await Assertions.Expect(Sheet(ada)).ToHaveAttributeAsync("aria-label", second);
        await ada.Keyboard.PressAsync("k");
        await Assertions.Expect(Sheet(ada)).ToHaveAttributeAsync("aria-label", first);
        await Assertions.Expect(Sheet(ada).GetByLabel("Previous person")).ToBeDisabledAsync();
        await Sheet(ada).GetByLabel("Next person").ClickAsync();
        await Assertions.Expect(Sheet(ada)).ToHaveAttributeAsync("aria-label", second);

        // The keyboard stays within, and Esc gives the list back: its address, its choice, and the row that was looked at.
        for (var i = 0; i < 40; i++)
        {
            await ada.Keyboard.PressAsync("Tab");
            (await ada.EvaluateAsync<bool>("document.activeElement === document.body || !!document.activeElement.closest('dialog.sheet')"))
                .ShouldBeTrue();
        }
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(ada.Locator("dialog.sheet[open]")).ToHaveCountAsync(0);
        await ada.ComesTo("q=a");
        await Assertions.Expect(names.Nth(1)).ToBeFocusedAsync();
        await Assertions.Expect(ada.Locator("#list tbody input[name=account]").First).ToBeCheckedAsync();

        // Back does the same, forward opens it again; loaded anew the address is the page.
        await names.Nth(1).ClickAsync();
        await Sheet(ada).WaitForAsync();
        await ada.GoBackAsync();
        await Assertions.Expect(ada.Locator("dialog.sheet[open]")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator("#list tbody input[name=account]").First).ToBeCheckedAsync();
        await ada.GoForwardAsync();
        await Assertions.Expect(Sheet(ada)).ToHaveAttributeAsync("aria-label", second);
        await ada.ReloadAsync();
        await Assertions.Expect(ada.Heading()).ToContainTextAsync(second);
        await Assertions.Expect(ada.Locator("dialog.sheet")).ToHaveCountAsync(0);
        await ada.GoBackAsync();
        await Assertions.Expect(names.First).ToBeVisibleAsync();

        // With a key held, and without script, it is the page.
        var tab = await ada.Context.RunAndWaitForPageAsync(() => names.Nth(0).ClickAsync(new() { Modifiers = [KeyboardModifier.Control] }));
        await Assertions.Expect(tab.Heading()).ToContainTextAsync(first);
        var plain = await go.Somebody(script: false, width: 360);
        await plain.Enter(world);
        await plain.GotoAsync($"{list}?q=liam");
        await plain.GetByRole(AriaRole.Link, new() { Name = "Liam Novak" }).ClickAsync();
        await Assertions.Expect(plain.Heading()).ToHaveTextAsync("Liam Novak");
        await plain.Click("Activity");
        await plain.ComesTo("tab=activity$");
    });

    [Fact, Trait("Rule", "U13"), Trait("Rule", "U6"), Trait("Rule", "M3")]
    public Task What_is_changed_beside_the_list_stays_there() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody(theme: ColorScheme.Dark);
        var home = await Open(ada, world, "users");
        await ada.GetByRole(AriaRole.Link, new() { Name = "Liam Novak" }).ClickAsync();
        await Sheet(ada).GetByLabel("Direct role in Confluence").First.SelectOptionAsync("user");
        await Sheet(ada).GetByLabel("Direct role in Bitbucket").First.SelectOptionAsync("admin");
        await Sheet(ada).GetByRole(AriaRole.Button, new() { Name = "Save roles" }).First.ClickAsync();
        await Assertions.Expect(Sheet(ada)).ToContainTextAsync("Roles of Liam Novak saved.");
        (await world.Query($"select count(*) from sites.app_grant where account_id = '{world.LiamId}' "
            + "and app_id in ('confluence', 'bitbucket')")).ShouldBe(2L);
        await Sheet(ada).GetByRole(AriaRole.Button, new() { NameRegex = new("^Remove ?: Developers") }).ClickAsync();
        await Assertions.Expect(Sheet(ada)).ToContainTextAsync("was removed from the group");
        await Sheet(ada).GetByLabel("Add to group").FillAsync("Nobody’s");
        (await ada.Obstacles()).ShouldBeEmpty();
        await Sheet(ada).GetByRole(AriaRole.Button, new() { Name = "Add to group" }).ClickAsync();
        await ada.Sees("No group has this name.");
        await Assertions.Expect(ada.GetByLabel("Group", new() { Exact = true })).ToHaveValueAsync("Nobody’s");
        await ada.Fill("Group", "DEVELOPERS");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Add to group" }).ClickAsync();
        await ada.Sees("was added to");

        // Details in place, in the sheet too.
        await ada.GotoAsync($"{home}/members?q=liam");
        await ada.GetByRole(AriaRole.Link, new() { Name = "Liam Novak" }).ClickAsync();
        await Sheet(ada).Locator("#detail-job-title a").ClickAsync();
        await Assertions.Expect(ada.Locator("#value-job-title")).ToBeFocusedAsync();
        await ada.Keyboard.TypeAsync("jk");
        await ada.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Sheet(ada).Locator("#detail-job-title .detail-value")).ToHaveTextAsync("jk");
        await Assertions.Expect(Sheet(ada)).ToHaveAttributeAsync("aria-label", "Liam Novak");

        // The name, too, which the list behind shows afterwards.
        await Sheet(ada).Locator("#detail-name a").ClickAsync();
        await ada.Locator("#value-name").FillAsync("Liam Nowak");
        await ada.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Sheet(ada)).ToHaveAttributeAsync("aria-label", "Liam Nowak");
        await Sheet(ada).GetByLabel("Close").ClickAsync();
        await Assertions.Expect(ada.Locator("dialog.sheet[open]")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator("#list tbody tr").Filter(new() { HasText = world.Liam })).ToContainTextAsync("Liam Nowak");
    });

    [Fact, Trait("Rule", "M10"), Trait("Rule", "C10"), Trait("Rule", "A8")]
    public Task Nothing_is_offered_that_cannot_be_done_and_no_link_ends_in_nothing() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = $"/o/{world.AcmeId}";
        await ada.Enter(world);
        var site = $"{await world.Query($"select id from sites.site where url = 'https://engineering.{world.Acme}'")}";
        foreach (var profile in (string[])[$"{home}/members/{world.LiamId}", $"{home}/members/{world.LiamId}?tab=access",
            $"{home}/users/{world.LiamId}", $"{home}/users/{world.JaneId}", $"{home}/users/{world.AdaId}",
            $"/s/{site}/users/{world.AdaId}"])
            await EveryOfferLeadsSomewhere(ada, profile);
        // Nobody suspends or removes the own account.
        foreach (var own in (string[])[$"{home}/users/{world.AdaId}", $"/s/{site}/users/{world.AdaId}"])
        {
            await ada.GotoAsync(own);
            await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Ada Admin");
            await Assertions.Expect(ada.Locator(".profile a:is([href$='/suspend'], [href$='/remove'])")).ToHaveCountAsync(0);
        }
        await ada.GotoAsync($"{home}/members/{world.LiamId}");
        await Assertions.Expect(ada.Locator(".profile-actions > .btn")).ToHaveTextAsync(new Regex("Deactivate"));
        await ada.GetByLabel("More actions").First.ClickAsync();
        await Assertions.Expect(ada.Locator(".profile-actions li:has(.dropdown-divider) ~ li a"))
            .ToHaveTextAsync([new Regex("Unclaim"), new Regex("Delete")]);
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.GotoAsync($"{home}/members/{world.LiamId}/deactivate");
        await ada.Click("Deactivate account");
        await Assertions.Expect(ada.Locator(".profile-actions > .btn")).ToHaveTextAsync(new Regex("Reactivate"));
        await ada.Click("Access");
        await ada.Sees("Opens nothing while the account is deactivated");
        (await ada.GetByText("Active", new() { Exact = true }).CountAsync()).ShouldBe(0);

        // Not to be invited either, and a group is left although no site is there any more.
        await world.Query($"delete from sites.site_member where account_id = '{world.LiamId}' returning 1");
        await ada.GotoAsync($"{home}/members/{world.LiamId}?tab=access");
        await ada.Sees("not to be invited while the account is deactivated");
        await ada.GetByRole(AriaRole.Button, new() { NameRegex = new("^Remove ?: Developers") }).ClickAsync();
        await ada.Sees("Liam Novak was removed from the group.");
        // Not on the site any more: shown where the organization knows him.
        await ada.GotoAsync($"/s/{site}/users/{world.LiamId}");
        await ada.ComesTo($"/members/{world.LiamId}\\?tab=access$");

        // Not managed: the user's page, which offers what is possible there.
        await ada.GotoAsync($"{home}/members/{world.JaneId}");
        await ada.ComesTo($"/users/{world.JaneId}$");
        await Assertions.Expect(ada.Locator(".profile-actions > .btn")).ToHaveTextAsync(new Regex("Suggest changes"));
        (await ada.GetByRole(AriaRole.Link, new() { Name = "Security", Exact = true }).CountAsync()).ShouldBe(0);

        // On the own domain, not claimed, and on no site: said in words, and claimed from there.
        var seeded = $"{await world.Query($"""
            select id from accounts.account a where state = 1 and managed_by is null and email like '%@{world.Acme}'
              and not exists (select from sites.site_member m where m.account_id = a.id) order by id limit 1
            """)}";
        await ada.GotoAsync($"{home}/members/{seeded}");
        await ada.Sees("on your verified domain, but your organization does not manage it");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Click("Claim account");
        await Assertions.Expect(ada.Heading()).ToContainTextAsync("Claim");
        var gus = await world.Query($"select id from accounts.account where email = '{world.Gus}'");
        foreach (var nobody in (string[])[$"{Guid.NewGuid()}", $"{gus}"])
        {
            var answer = await ada.GotoAsync($"{home}/members/{nobody}");
            answer!.Status.ShouldBe(404);
            await ada.Sees("Your organization does not manage this account, and it is not a user of your sites.");
            (await ada.Obstacles()).ShouldBeEmpty();
            answer = await ada.GotoAsync($"/s/{site}/users/{nobody}");
            answer!.Status.ShouldBe(404);
            await ada.Sees("This person is not a user of this site.");
            (await ada.Obstacles()).ShouldBeEmpty();
        }
    });

    /// <summary>Whatever the profile leads to can be asked for, and does not answer that it is refused.</summary>
    static async Task EveryOfferLeadsSomewhere(IPage page, string profile)
    {
        await page.GotoAsync(profile);
        var offered = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.profile a[href]')].map(a => a.href)");
        offered.Length.ShouldBeGreaterThan(2, profile);
        foreach (var address in offered.Distinct())
        {
            var answer = await page.APIRequest.GetAsync(address);
            answer.Status.ShouldBe(200, address);
            (await answer.TextAsync()).Contains("alert-danger notice", StringComparison.Ordinal).ShouldBeFalse(address);
        }
    }

    [Fact, Trait("Rule", "M10"), Trait("Rule", "A3")]
    public Task A_question_over_the_sheet_and_the_list_behind_it_live_together() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = await Open(ada, world);
        var row = ada.Locator("#list tbody tr").Filter(new() { HasText = world.Liam });
        await ada.GetByRole(AriaRole.Link, new() { Name = "Liam Novak" }).ClickAsync();
        await Sheet(ada).GetByRole(AriaRole.Link, new() { Name = "Deactivate" }).ClickAsync();
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Deactivate Liam Novak");

        // Esc closes the uppermost alone; the sheet's letters are off below another dialog.
        await ada.Keyboard.PressAsync("j");
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(ada.Locator("dialog.ask[open]")).ToHaveCountAsync(0);
        await Assertions.Expect(Sheet(ada)).ToHaveAttributeAsync("aria-label", "Liam Novak");

        // What is done is shown in the sheet, the list stays behind it, and shows it once the sheet is shut.
        await Sheet(ada).GetByRole(AriaRole.Link, new() { Name = "Deactivate" }).ClickAsync();
        await ada.GetByRole(AriaRole.Button, new() { Name = "Deactivate account" }).ClickAsync();
        await Assertions.Expect(Sheet(ada)).ToContainTextAsync("Liam Novak is deactivated.");
        await Assertions.Expect(Sheet(ada).Locator(".profile-actions > .btn")).ToHaveTextAsync(new Regex("Reactivate"));
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await ada.ComesTo($"/members/{world.LiamId}$");

        // The sheet's own empty parts are not what lies beside it.
        var box = (await Sheet(ada).BoundingBoxAsync())!;
        await ada.Mouse.ClickAsync(box.X + 6, box.Y + box.Height - 6);
        await Assertions.Expect(Sheet(ada)).ToBeVisibleAsync();
        await ada.Mouse.ClickAsync(box.X - 40, box.Y + 300);
        await Assertions.Expect(ada.Locator("dialog.sheet[open]")).ToHaveCountAsync(0);
        await ada.ComesTo("/members\\?q=liam$");
        await Assertions.Expect(row).ToContainTextAsync("Deactivated");
        await Assertions.Expect(row.GetByRole(AriaRole.Link, new() { Name = "Liam Novak" })).ToBeFocusedAsync();

        // On a page about somebody, the way back leaves the page.
        await ada.GotoAsync($"{home}/members/{world.LiamId}/reactivate");
        await ada.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();
        await ada.ComesTo($"/members/{world.LiamId}$");
        await Assertions.Expect(ada.Locator("dialog.sheet")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator("h1")).ToContainTextAsync("Liam Novak");
    });
}
