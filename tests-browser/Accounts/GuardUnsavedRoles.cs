namespace DirectoryPlatform.Tests.Browser.Accounts;

/// <summary>Roles that were chosen in the profile and not saved yet (SPEC U13).</summary>
public sealed class GuardUnsavedRoles
{
    static ILocator Sheet(IPage page) => page.Locator("dialog.sheet[open]");

    [Fact, Trait("Rule", "U13")]
    public Task Nothing_that_was_chosen_or_saved_beside_the_list_is_lost_without_a_word() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        await ada.GotoAsync($"/o/{world.AcmeId}/users");
        await ada.GetByRole(AriaRole.Link, new() { Name = "Ada Admin" }).ClickAsync();
        var role = Sheet(ada).GetByLabel("Direct role in Confluence").First;
        await role.SelectOptionAsync("user");

        // Whatever would leave is a question: Esc, the next person, another tab, a click beside the sheet, and the browser's Back.
        var question = ada.Locator("dialog.ask[open]");
        Func<Task>[] ways =
        [
            () => ada.Keyboard.PressAsync("Escape"), () => Sheet(ada).GetByLabel("Next person").ClickAsync(),
            () => Sheet(ada).GetByRole(AriaRole.Link, new() { Name = "Activity" }).ClickAsync(),
            () => ada.Mouse.ClickAsync(100, 400), () => ada.EvaluateAsync("() => history.back()"),
        ];
        foreach (var leave in ways)
        {
            await leave();
            await Assertions.Expect(question).ToContainTextAsync("You have unsaved role changes.");
            if (leave == ways[0]) (await ada.Obstacles()).ShouldBeEmpty();
            await ada.Click("Keep editing");
            await Assertions.Expect(question).ToHaveCountAsync(0);
            await Assertions.Expect(role).ToHaveValueAsync("user");
            await ada.ComesTo($"/users/{world.AdaId}");
        }
        // Esc answers the question, and then asks it again.
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(question).ToHaveCountAsync(1);
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(question).ToHaveCountAsync(0);
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(question).ToHaveCountAsync(1);
        await ada.Click("Keep editing");

        // Another form of the sheet takes the choice along.
        await Sheet(ada).GetByRole(AriaRole.Button, new() { NameRegex = new("^Remove ?: Developers") }).ClickAsync();
        await ada.Sees("was removed from the group");
        await Assertions.Expect(role).ToHaveValueAsync("user");
        await ada.EvaluateAsync("() => history.back()");
        await ada.Click("Discard changes");
        await Assertions.Expect(ada.Locator("dialog.sheet[open]")).ToHaveCountAsync(0);
        await ada.ComesTo("/users$");

        // The answer comes when the next person is shown already.
        await ada.GetByRole(AriaRole.Link, new() { Name = "Ada Admin" }).ClickAsync();
        await Sheet(ada).GetByLabel("Direct role in Confluence").First.SelectOptionAsync("user");
        await ada.RouteAsync("**/access?*", async route =>
        {
            await Task.Delay(1500);
            await route.ContinueAsync();
        }, new() { Times = 1 });
        await Sheet(ada).GetByLabel("Next person").ClickAsync();
        await question.GetByRole(AriaRole.Button, new() { Name = "Save roles" }).ClickAsync();
        await Assertions.Expect(Sheet(ada)).Not.ToHaveAttributeAsync("aria-label", "Ada Admin");
        await Assertions.Expect(ada.Locator(".toasts")).ToContainTextAsync("Roles of Ada Admin saved.");
    });

    [Fact, Trait("Rule", "U13")]
    public Task What_is_answered_over_a_persons_page_takes_no_choice_away() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        await ada.GotoAsync($"/o/{world.AcmeId}/members/{world.LiamId}?tab=access");
        var role = ada.GetByLabel("Direct role in Confluence").First;
        var chosen = await role.InputValueAsync() == "admin" ? "user" : "admin";
        await role.SelectOptionAsync(chosen);
        await ada.Click("Deactivate");
        await ada.Click("Deactivate account");
        await Assertions.Expect(ada.Locator(".toasts")).ToContainTextAsync("Liam Novak is deactivated.");
        await Assertions.Expect(ada.Heading()).ToContainTextAsync("Liam Novak (Deactivated)");
        await Assertions.Expect(role).ToHaveValueAsync(chosen);
    });

    [Fact, Trait("Rule", "U13")]
    public Task What_is_chosen_while_others_are_saved_stands_on_the_page_that_comes() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        var page = $"/o/{world.AcmeId}/users/{world.AdaId}";
        await ada.GotoAsync(page);
        var (confluence, jira) = (ada.GetByLabel("Direct role in Confluence").First, ada.GetByLabel("Direct role in Jira").First);
        var (first, second) = (await Other(confluence), await Other(jira));
        await confluence.SelectOptionAsync(first);
        // In one step: a page that comes would else be there first, and what asks for an element waits for it.
        await jira.EvaluateAsync("""
            (role, value) => {
              document.getElementById('roles').requestSubmit();
              role.value = value;
              role.dispatchEvent(new Event('change', { bubbles: true }));
            }
            """, second);
        await Saved(confluence, first);
        await Assertions.Expect(confluence).ToHaveValueAsync(first);
        await Assertions.Expect(jira).ToHaveValueAsync(second);
        await Assertions.Expect(jira.Locator($"option[value={second}]")).Not.ToHaveAttributeAsync("selected", "selected");

        // It is saved like any other, and kept for that one page alone: who comes again finds what was saved.
        await ada.Click("Save roles");
        await Saved(jira, second);
        await ada.GotoAsync(page);
        await Assertions.Expect(confluence).ToHaveValueAsync(first);
        await Assertions.Expect(jira).ToHaveValueAsync(second);

        async Task<string> Other(ILocator role) => await role.InputValueAsync() == "admin" ? "user" : "admin";
        // As the page came from the server.
        Task Saved(ILocator role, string value) =>
            Assertions.Expect(role.Locator($"option[value={value}]")).ToHaveAttributeAsync("selected", "selected");
    });

    [Fact, Trait("Rule", "U13")]
    public Task A_page_that_is_left_asks_as_browsers_do_and_not_when_the_roles_are_saved() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        await ada.GotoAsync($"/o/{world.AcmeId}/users/{world.AdaId}");
        var (asked, role) = (0, ada.GetByLabel("Direct role in Confluence").First);
        ada.Dialog += (_, dialog) =>
        {
            dialog.Type.ShouldBe("beforeunload");
            asked++;
            _ = dialog.DismissAsync();
        };
        await role.SelectOptionAsync("user");
        await ada.Locator(".side a[href$='/groups']").ClickAsync();
        await Patience.Until(() => Task.FromResult(asked == 1));
        await Assertions.Expect(role).ToHaveValueAsync("user");
        await ada.Click("Save roles");
        await ada.Sees("Roles of Ada Admin");
        asked.ShouldBe(1);
        await ada.Locator(".side a[href$='/groups']").ClickAsync();
        await ada.ComesTo("/groups$");
        asked.ShouldBe(1);
    });
}
