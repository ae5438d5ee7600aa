namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>No mouse: Tab, Enter, space, arrows and Esc.</summary>
public sealed class WorkWithKeyboard
{
    internal const int Patience = 120;

    [Fact]
    public Task After_a_refusal_the_first_field_that_is_wrong_has_the_focus() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.SignInAsAdmin(world.Ada);
        await ada.GotoAsync($"/o/{world.AcmeId}/api-keys/new");
        await Assertions.Expect(ada.Locator("#input-name")).ToBeFocusedAsync();
        await ada.Fill("Name", "Reports");
        await ada.Locator("#input-days").FillAsync("7000");
        await ada.Click("Create API key");
        await Assertions.Expect(ada.Locator("[aria-invalid=true]").First).ToBeFocusedAsync();
        await Assertions.Expect(ada.Locator("#input-name[autofocus], #input-name[aria-invalid]")).ToHaveCountAsync(0);
        await ada.GetByLabel("accounts:read").First.CheckAsync();
        await ada.Click("Create API key");
        await Assertions.Expect(ada.Locator("#input-days")).ToBeFocusedAsync();
    });

    [Fact]
    public Task An_admin_signs_in_adds_and_verifies_a_domain_claims_and_deactivates() => Journey.Through(async (go, world) =>
    {
        var gus = await go.Somebody();
        await gus.GotoAsync("/sign-in");
        await Assertions.Expect(gus.Locator("#input-email")).ToBeFocusedAsync(); // by itself, a moment after the page is there
        await gus.Keyboard.TypeAsync(world.Gus);
        await gus.Keyboard.PressAsync("Enter");
        await Assertions.Expect(gus.Locator("#input-password")).ToBeFocusedAsync();
        await gus.Keyboard.TypeAsync(Steps.DemoPassword);
        await gus.Keyboard.PressAsync("Enter");
        await Assertions.Expect(gus.Heading()).ToHaveTextAsync("Overview");

        await gus.Keyboard.PressAsync("Tab");
        await Assertions.Expect(gus.Locator(".skip")).ToBeFocusedAsync();
        await Assertions.Expect(gus.Locator(".skip")).ToBeInViewportAsync();
        await gus.Keyboard.PressAsync("Enter");
        await Assertions.Expect(gus.Locator("#main")).ToBeFocusedAsync();

        await Enter(gus, gus.Locator(".side").GetByRole(AriaRole.Link, new() { Name = "Domains" }));
        await Enter(gus, gus.GetByRole(AriaRole.Link, new() { Name = world.Globex, Exact = true }));
        var challenge = await gus.ReadChallenge();
        await Enter(gus, gus.GetByRole(AriaRole.Link, new() { Name = "DNS records" }));
        await TabTo(gus, gus.Locator("#input-name"));
        await gus.Keyboard.TypeAsync(challenge.Name);
        await TabTo(gus, gus.Locator("#input-value"));
        await gus.Keyboard.TypeAsync(challenge.Value);
        await gus.Keyboard.PressAsync("Enter");
        await gus.Sees("Record added.");

        await gus.GotoAsync($"{challenge.Path[..challenge.Path.LastIndexOf('/')]}");
        var menu = gus.Locator("td details.dropdown");
        await Enter(gus, menu.Locator("summary"));
        await Assertions.Expect(menu).ToHaveAttributeAsync("open", "");
        await gus.Keyboard.PressAsync("Tab");
        await gus.Keyboard.PressAsync("Escape");
        await Assertions.Expect(menu).Not.ToHaveAttributeAsync("open", "");
        await Assertions.Expect(menu.Locator("summary")).ToBeFocusedAsync();
        await gus.Keyboard.PressAsync("Enter");
        await Enter(gus, gus.GetByRole(AriaRole.Button, new() { Name = "Verify now" }));
        await gus.Sees($"{world.Globex} is verified.");

        await Enter(gus, gus.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Claim accounts" }));
        await TabTo(gus, gus.GetByLabel($"All accounts on {world.Globex}"));
        await gus.Keyboard.PressAsync("ArrowDown");
        (await gus.GetByLabel("Only accounts in a list").IsCheckedAsync()).ShouldBeTrue();
        await gus.Keyboard.PressAsync("ArrowUp");
        await gus.Keyboard.PressAsync("Enter");
        await Assertions.Expect(gus.Locator("[aria-current=step]")).ToContainTextAsync("Review");
        await Enter(gus, gus.GetByRole(AriaRole.Link, new() { Name = "Next" }));
        await Enter(gus, gus.GetByRole(AriaRole.Button, new() { Name = "Next" }));
        await Enter(gus, gus.Locator("form button.btn-primary"));
        await gus.Sees("Download results");

        await Enter(gus, gus.Locator(".side").GetByRole(AriaRole.Link, new() { Name = "Managed accounts" }));
        await TabTo(gus, gus.Locator("#q"));
        await gus.Keyboard.TypeAsync("globex");
        await gus.ComesTo("q=globex");
        await Enter(gus, gus.Locator("#sort-email"));
        await gus.ComesTo("sort=email");
        await Assertions.Expect(gus.Locator("#sort-email")).ToBeFocusedAsync(); // the table is another one, the place is the same
        await Enter(gus, gus.Locator("#list tbody tr").Filter(new() { HasText = "Active" }).Filter(new() { HasNotText = "gus@" })
            .Locator("a").First);
        await Enter(gus, gus.Locator("dialog.sheet").GetByRole(AriaRole.Link, new() { Name = "Deactivate" }));
        await TabTo(gus, gus.GetByLabel("Reason"));
        await gus.Keyboard.TypeAsync("Left");
        await TabTo(gus, gus.GetByLabel("by email"));
        await gus.Keyboard.PressAsync("Space");
        (await gus.GetByLabel("by email").IsCheckedAsync()).ShouldBeFalse();
        await Enter(gus, gus.GetByRole(AriaRole.Button, new() { Name = "Deactivate account" }));
        await gus.Sees("(Deactivated)");
        await gus.Keyboard.PressAsync("Escape");
        await Assertions.Expect(gus.Locator("dialog.sheet[open]")).ToHaveCountAsync(0);
        await gus.ComesTo("sort=email");
        await gus.ReloadAsync(); // from the top, past no row

        await Enter(gus, gus.Locator("details.me summary"));
        await Enter(gus, gus.GetByRole(AriaRole.Button, new() { Name = "Sign out" }));
        await gus.Sees("You are signed out.");
    });

    static async Task Enter(IPage page, ILocator target)
    {
        await TabTo(page, target);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Tab by Tab, from where the focus is; what has it must show it.</summary>
    static async Task TabTo(IPage page, ILocator target)
    {
        await Assertions.Expect(target.First).ToBeVisibleAsync();
        for (var i = 0; i < Patience; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (!await target.First.EvaluateAsync<bool>("e => e === document.activeElement")) continue;
            (await target.First.EvaluateAsync<bool>(
                "e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"))
                .ShouldBeTrue("the focus cannot be seen");
            return;
        }
        throw new TimeoutException($"The keyboard does not reach {target}.");
    }
}
