namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>What asks before something is done opens over the page behind, which is then as it was, and says what was done (SPEC A3, S12;
/// decision 0070).</summary>
public sealed class ActInDialogs
{
    static ILocator Dialog(IPage page) => page.Locator("dialog.ask[open]");

    static ILocator Toast(IPage page) => page.Locator(".toasts .notice");

    static Task Gone(ILocator what) => Assertions.Expect(what).ToHaveCountAsync(0);

    /// <summary>Where the focus is, in the words of a test.</summary>
    static Task<string> Focus(IPage page) => page.EvaluateAsync<string>("""
        () => {
          const here = document.activeElement;
          return here.id || here.textContent.trim();
        }
        """);

    [Fact, Trait("Rule", "A3"), Trait("Rule", "A4")]
    public Task Somebody_is_deactivated_over_the_profile_and_given_back_by_the_toast() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        var liam = $"/o/{world.AcmeId}/members/{world.LiamId}";
        await ada.GotoAsync(liam);
        await ada.GetByRole(AriaRole.Link, new() { Name = "Deactivate" }).ClickAsync();
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Deactivate Liam Novak");
        await ada.ComesTo($"{liam}$");
        (await Dialog(ada).GetAttributeAsync("aria-labelledby")).ShouldBe(await Dialog(ada).Locator("h2").First.GetAttributeAsync("id"));
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Keyboard.PressAsync("Escape");
        await Gone(Dialog(ada));
        (await Focus(ada)).ShouldStartWith("Deactivate");

        await ada.Click("Deactivate");
        await Assertions.Expect(Dialog(ada)).ToBeVisibleAsync();
        await ada.Fill("Reason", new string('x', 501));
        await ada.Fill("Message to this person", "Ask Grace in HR.");
        await ada.Click("Deactivate account");
        await Assertions.Expect(Dialog(ada).Locator("[aria-invalid=true]")).ToBeFocusedAsync();
        (await Dialog(ada).GetByLabel("Message to this person").InputValueAsync()).ShouldBe("Ask Grace in HR.");
        await ada.Fill("Reason", "Left");
        await ada.Click("Deactivate account");
        await Assertions.Expect(Toast(ada)).ToContainTextAsync("is deactivated");
        await Gone(Dialog(ada));
        await Assertions.Expect(ada.Heading()).ToContainTextAsync("Liam Novak (Deactivated)");
        (await ada.Obstacles()).ShouldBeEmpty();
        await world.StillSays($"select deactivation_message from accounts.account where id = '{world.LiamId}'", "Ask Grace in HR.");

        await Toast(ada).GetByRole(AriaRole.Link, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Reactivate Liam Novak");
        await ada.Click("Reactivate account");
        await Assertions.Expect(Toast(ada).Filter(new() { HasText = "is active again" })).ToBeVisibleAsync();
        await Gone(Toast(ada).Filter(new() { HasText = "is deactivated" })); // there is nothing to undo any more
        await Toast(ada).Last.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Gone(Toast(ada).Filter(new() { HasText = "is active again" }));
        await world.StillSays($"select state::int from accounts.account where id = '{world.LiamId}'", 1);

        // Undone by another way than its own.
        await ada.Click("Deactivate");
        await ada.Click("Deactivate account");
        await Assertions.Expect(Toast(ada).Filter(new() { HasText = "is deactivated" })).ToBeVisibleAsync();
        await Gone(Dialog(ada));
        await ada.Locator("#main").GetByRole(AriaRole.Link, new() { Name = "Reactivate" }).First.ClickAsync();
        await ada.Click("Reactivate account");
        await Assertions.Expect(Toast(ada).Filter(new() { HasText = "is active again" })).ToBeVisibleAsync();
        await Gone(Toast(ada).Filter(new() { HasText = "Undo" }));

        // Where the question is asked and somebody else was faster, nothing was done here, and no offer is taken back.
        await ada.Click("Deactivate");
        await ada.Click("Deactivate account");
        await Assertions.Expect(Toast(ada).Filter(new() { HasText = "is deactivated" })).ToBeVisibleAsync();
        await Gone(Dialog(ada));
        await ada.Locator("#main").GetByRole(AriaRole.Link, new() { Name = "Reactivate" }).First.ClickAsync();
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Reactivate Liam Novak");
        (await ada.EvaluateAsync<bool>("""
            at => fetch(at, { method: 'POST', body: new URLSearchParams(new FormData(document.querySelector('dialog.ask form'))) })
              .then(answer => answer.ok)
            """, $"{liam}/reactivate")).ShouldBeTrue();
        await ada.Click("Reactivate account");
        await Assertions.Expect(ada.Locator("#main > .notice[role=alert]")).ToBeVisibleAsync();
        await Assertions.Expect(Toast(ada).Filter(new() { HasText = "Undo" })).ToBeVisibleAsync();
    });

    [Fact, Trait("Rule", "S12")]
    public Task The_password_is_asked_for_in_the_dialog_and_nothing_that_was_typed_is_lost() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.SignInAsAdmin(world.Ada);
        Task Old() => world.Query($"update security.session set proved_at = now() - interval '1 hour' where account_id = '{world.AdaId}' "
            + "returning 1");
        var home = $"/o/{world.AcmeId}";
        await Old();
        await ada.GotoAsync($"{home}/admins");
        await ada.Click("Add admin");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Confirm it’s you");
        await ada.Fill("Password", "wrong");
        await ada.Click("Confirm and continue");
        await ada.Sees("This is not your password.");
        await ada.Fill("Password", Steps.DemoPassword);
        await ada.Click("Confirm and continue");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Add admin");
        await ada.Fill("Email address", world.Liam);
        await Old();
        await ada.Click("Add admin");
        await ada.Sees("what you entered is kept");
        await ada.Fill("Password", Steps.DemoPassword);
        await ada.Click("Confirm and continue");
        await Assertions.Expect(Toast(ada)).ToContainTextAsync("Liam Novak is now an admin.");
        await ada.ComesTo($"{home}/admins$");
        await Assertions.Expect(ada.Locator("#main")).ToContainTextAsync(world.Liam);
    });

    [Fact, Trait("Rule", "A10"), Trait("Rule", "C8")]
    public Task A_list_keeps_what_was_chosen_where_a_review_is_left_and_its_job_is_shown_where_it_is_not() =>
        Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        var list = $"/o/{world.AcmeId}/members?q=liam";
        await ada.GotoAsync(list);
        await ada.Locator("#list input[name=account]").First.CheckAsync();
        await ada.Act("Deactivate");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Deactivate 1 account");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Click("Cancel");
        await Gone(Dialog(ada));
        await ada.Sees("1 selected");
        (await ada.Locator("#bulk .list-deed").First.InnerTextAsync()).ShouldBe("Deactivate", "not what it said meanwhile");
        (await ada.Locator("#bulk .dropdown-divider ~ .text-danger-strong").AllTextContentsAsync())
            .ShouldBe(["Unclaim", "Delete"], ignoreOrder: true);
        await ada.Act("Deactivate");
        await ada.Click("Deactivate 1 account");
        await ada.ComesTo("/jobs/");
        await ada.Sees("1 of 1");
        await ada.Sees("Done");
        await ada.Click("Deactivated accounts");
        await ada.ComesTo("status=deactivated");
        await ada.Sees("Liam Novak");
        await ada.GotoAsync($"/o/{world.AcmeId}/members/{world.LiamId}?tab=activity");
        var line = ada.Locator(".history li").Filter(new() { Has = ada.GetByRole(AriaRole.Link, new() { Name = "Job" }) }).First;
        await Assertions.Expect(line).ToContainTextAsync(" · Job");
        await Assertions.Expect(line).Not.ToContainTextAsync("As part of a job");
    });

    [Fact]
    public Task A_secret_that_is_shown_once_is_not_closed_by_one_key() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.SignInAsAdmin(world.Ada);
        await ada.GotoAsync($"/o/{world.AcmeId}/identity-providers");
        await ada.Click("Add identity provider");
        await ada.Fill("Name", "Entra ID");
        await ada.Click("Add identity provider");
        await ada.Sees("Copy the token now");
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Dialog(ada)).ToBeVisibleAsync();
        await ada.Click("Close");
        await Assertions.Expect(ada.Locator("#main")).ToContainTextAsync("Entra ID");
    });
}
