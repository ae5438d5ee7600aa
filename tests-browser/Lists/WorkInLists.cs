using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Browser.Lists;

/// <summary>Lists show people before anything else, on one line each, and are worked in with a mouse and with keys (SPEC M1, U2).</summary>
public sealed class WorkInLists
{
    const int Desk = 1280, Height = 800, Phone = 390, PhoneHeight = 844;

    static readonly string[] Lists = ["members", "users", "groups", "domains", "audit-log", "jobs"];

    /// <summary>Top of the first row and of the page's head, height of what a demo says above everything, how many rows can be seen
    /// whole, and how high one is.</summary>
    const string Measures = """
        () => {
          const top = e => e.getBoundingClientRect().top;
          const rows = [...document.querySelectorAll('#list tbody tr')].map(r => r.getBoundingClientRect());
          const banner = document.querySelector('.demo-banner')?.offsetHeight ?? 0;
          const whole = rows.filter(r => r.bottom <= innerHeight).length;
          return [rows[0].top, top(document.querySelector('h1').closest('.head')), banner, whole, rows[0].height].map(Math.round);
        }
        """;

    static async Task<string> WithEverybody(IPage page, World world)
    {
        var home = $"/o/{world.AcmeId}";
        // Nobody has looked at the list before, whose counts are held for seconds.
        await page.Enter(world);
        await page.GotoAsync($"{home}/domains/{await world.DomainId()}/claim");
        for (var i = 0; i < 3; i++) await page.Click("Next");
        await page.Click("Claim ");
        await page.Sees("Done");
        return home;
    }

    static Task<int> Top(IPage page) =>
        page.EvaluateAsync<int>("() => Math.round(document.querySelector('#list tbody tr').getBoundingClientRect().top)");

    static ILocator Box(IPage page, int row) => page.Locator("#list tbody input[name=account]").Nth(row);

    static Task Shows(IPage page, string place) => Assertions.Expect(page.Locator("[data-place]")).ToHaveTextAsync(place);

    /// <summary>For whoever wants to look at them: into the folder that <c>PICTURES</c> names.</summary>
    static async Task Picture(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PICTURES") is not { } folder) return;
        await page.ScreenshotAsync(new() { Path = $"{folder}/{name}.png" });
    }

    [Fact, Trait("Rule", "L4")]
    public Task An_event_opens_below_its_sentence_and_its_time_is_the_visitors() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        await ada.GotoAsync($"/o/{world.AcmeId}/audit-log");
        var time = ada.Locator(".events time").First;
        await Assertions.Expect(time).ToHaveTextAsync(new Regex("^just now$|ago$|^yesterday$"));
        (await time.GetAttributeAsync("title"))!.ShouldNotContain("UTC");
        // A day is spelled as where the server writes it.
        await ada.EvaluateAsync("""
            () => {
              document.querySelector('.events time').dateTime = '2025-09-27T12:00:00Z';
              document.dispatchEvent(new Event('page:renewed'));
            }
            """);
        await Assertions.Expect(time).ToHaveTextAsync("27 Sep 2025");
        await ada.Locator(".event-more > summary").First.ClickAsync();
        await Assertions.Expect(ada.Locator(".event-detail")).ToContainTextAsync("Entry ID");
        await ada.Locator(".event-raw summary").ClickAsync();
        await Assertions.Expect(ada.Locator(".event-raw pre")).ToContainTextAsync("\"action\"");
        await Assertions.Expect(ada.Locator(".event-raw [data-copy]")).ToBeVisibleAsync();
    });

    [Fact, Trait("Rule", "L4")]
    public Task What_is_new_in_an_open_log_is_counted_above_it_and_moves_nothing() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        await ada.Enter(world);
        Task Happens(string action) => world.Query("insert into kernel.audit_entry (id, at, organization_id, subject_id, action, means) "
            + $"values (gen_random_uuid(), now(), '{world.AcmeId}', '{world.AcmeId}', '{action}', 'web') returning 1");
        await ada.GotoAsync($"/o/{world.AcmeId}/audit-log?action=ExperienceChosen");
        var (link, rows) = (ada.Locator("#new-entries"), ada.Locator(".events tbody tr"));
        await Assertions.Expect(link).ToBeHiddenAsync();
        var before = await rows.CountAsync();
        await Happens("OrganizationRenamed");
        await Happens("ExperienceChosen");
        await Assertions.Expect(link).ToHaveTextAsync("1 new entry");
        await Happens("ExperienceChosen");
        await Assertions.Expect(link).ToHaveTextAsync("2 new entries");
        (await rows.CountAsync()).ShouldBe(before);
        await link.ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(before + 2);
        await Assertions.Expect(link).ToBeHiddenAsync();
    });

    [Fact, Trait("Rule", "M1")]
    public Task The_first_screen_is_full_of_people_whose_names_are_whole() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = await WithEverybody(ada, world);
        foreach (var list in (string[])["members", "users"])
        {
            await ada.SetViewportSizeAsync(Desk, Height);
            await ada.GotoAsync($"{home}/{list}");
            var (top, title, banner, rows, row) = await ada.EvaluateAsync<int[]>(Measures) is [var a, var b, var c, var d, var e]
                ? (a, b, c, d, e)
                : throw new InvalidOperationException();
            (top - banner).ShouldBeLessThanOrEqualTo(230, list);
            (top - title).ShouldBeLessThanOrEqualTo(150, list);
            row.ShouldBeInRange(44, 45, list);
            // An address has the room that the other columns leave.
            (await ada.Locator("#list .who-mail").First.EvaluateAsync<bool>(
                "mail => (mail.textContent = 'anna.schmidt@mail.acme.example', mail.scrollWidth <= mail.clientWidth)"))
                .ShouldBeTrue(list);
            // Whoever has no name yet is called by the address, once.
            if (list == "users")
            {
                var invited = ada.Locator("#list tr", new() { HasText = $"newcomer@{world.Mail}" });
                (await invited.Locator(".who-words").InnerTextAsync()).ShouldBe($"newcomer@{world.Mail}");
            }
            if (list != "members") continue;
            rows.ShouldBeGreaterThanOrEqualTo(12);
            await ada.EvaluateAsync("scrollTo(0, 1200)");
            (await ada.EvaluateAsync<double[]>(
                "['.top', '#list thead th'].map(e => document.querySelector(e).getBoundingClientRect().top)"))
                .ShouldBe([0, 48], "the heads stay below the bar");
        }
        foreach (var list in Lists)
        {
            await ada.GotoAsync($"{home}/{list}");
            foreach (var width in (int[])[Desk, 1440, 1920])
            {
                await ada.SetViewportSizeAsync(width, Height);
                (await ada.Broken(".list")).ShouldBeEmpty($"{list} at {width}");
                (await ada.TooWide()).ShouldBeNull($"{list} at {width}");
                if (width == Desk) await Picture(ada, $"{list}-{width}-light");
            }
            (await ada.Obstacles()).ShouldBeEmpty(list);
            await ada.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            await ada.SetViewportSizeAsync(Desk, Height);
            await Picture(ada, $"{list}-{Desk}-dark");
            await ada.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        }
    });

    [Fact, Trait("Rule", "M1")]
    public Task On_a_phone_the_first_person_is_on_the_first_screen_and_no_name_runs_under_the_box() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody(width: Phone);
        var home = await WithEverybody(ada, world);
        await world.Query($"update accounts.account set name = 'Wolfeschlegelsteinhausenbergerdorff the Younger of Everywhere' "
            + $"where id = '{world.AdaId}'");
        await ada.SetViewportSizeAsync(Phone, PhoneHeight);
        foreach (var list in (string[])["members", "users"])
        {
            await ada.GotoAsync($"{home}/{list}?q=@{world.Acme}&sort=added&dir=desc");
            var faults = await ada.EvaluateAsync<string[]>("""
                () => {
                  const found = [];
                  const rows = [...document.querySelectorAll('#list tbody tr')];
                  if (rows[0].getBoundingClientRect().bottom > innerHeight) found.push('the first person is below the first screen');
                  for (const row of rows) {
                    const [box, name, status] = ['input', '.who-name', '.col-status']
                      .map(s => row.querySelector(s)?.getBoundingClientRect());
                    if (row.offsetHeight < 70 || row.offsetHeight > 76) found.push(`a card of ${row.offsetHeight} px`);
                    if (box && name.left < box.right || name.right > status.left) found.push(`${row.innerText} runs under another thing`);
                    const day = row.querySelector('.col-active');
                    if (day && day.scrollWidth > day.clientWidth) found.push(`${day.innerText} is cut`);
                    if (day?.innerText.includes('Never')) found.push(`“Last active” goes before ${day.innerText}`);
                  }
                  return found;
                }
                """);
            faults.ShouldBeEmpty(list);
            (await ada.TooWide()).ShouldBeNull();
            (await ada.Obstacles()).ShouldBeEmpty();
            await Picture(ada, $"{list}-{Phone}-light");
            await ada.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            await Picture(ada, $"{list}-{Phone}-dark");
            await ada.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        }
        await ada.Locator(".list-more summary").ClickAsync();
        (await ada.TooWide()).ShouldBeNull();
        (await ada.Obstacles()).ShouldBeEmpty();
        await Picture(ada, $"filters-{Phone}-light");
        await ada.Keyboard.PressAsync("Escape");
        await Box(ada, 0).CheckAsync();
        (await ada.TooWide()).ShouldBeNull();
        (await ada.Obstacles()).ShouldBeEmpty();
        await Picture(ada, $"chosen-{Phone}-light");
    });

    [Fact, Trait("Rule", "A10")]
    public Task Rows_are_chosen_by_ranges_and_keys_and_the_bar_stands_in_the_toolbars_place() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = await WithEverybody(ada, world);
        await ada.GotoAsync($"{home}/members");
        var (bar, toolbar) = (ada.Locator("[data-chosen]"), ada.Locator("#filters"));
        await Assertions.Expect(bar).ToBeHiddenAsync();
        var top = await Top(ada);
        await Box(ada, 1).CheckAsync();
        await Assertions.Expect(bar).ToContainTextAsync("1 selected");
        await Assertions.Expect(toolbar).ToBeHiddenAsync();
        (await Top(ada)).ShouldBe(top, "the list moved");
        // Something else of the page is renewed meanwhile.
        await ada.EvaluateAsync("() => document.dispatchEvent(new Event('page:renewed'))");
        await Box(ada, 4).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Assertions.Expect(bar).ToContainTextAsync("4 selected");
        await Assertions.Expect(ada.Locator("[data-said]")).ToHaveTextAsync("4 selected");
        (await Box(ada, 3).IsCheckedAsync()).ShouldBeTrue();
        (await Box(ada, 5).IsCheckedAsync()).ShouldBeFalse();
        (await ada.Obstacles()).ShouldBeEmpty();
        await Picture(ada, "chosen-1280-light");
        await ada.Locator("#bulk summary").ClickAsync();
        (await ada.Obstacles()).ShouldBeEmpty();
        await Picture(ada, "chosen-menu-1280-light");
        // Esc closes the menu first.
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(bar).ToContainTextAsync("4 selected");
        await Box(ada, 4).FocusAsync();
        await ada.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Picture(ada, "chosen-1280-dark");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await ada.Keyboard.PressAsync("Escape");
        await Assertions.Expect(bar).ToBeHiddenAsync();
        await Assertions.Expect(toolbar).ToBeVisibleAsync();

        await Box(ada, 0).FocusAsync();
        await ada.Keyboard.PressAsync("j");
        await ada.Keyboard.PressAsync("j");
        await ada.Keyboard.PressAsync("k");
        await ada.Keyboard.PressAsync("x");
        await Assertions.Expect(bar).ToContainTextAsync("1 selected");
        (await Box(ada, 1).IsCheckedAsync()).ShouldBeTrue();
        await ada.Locator("[data-choose-all]").ClickAsync();
        await Assertions.Expect(bar).ToContainTextAsync(new Regex("All [0-9]+ selected"));
        (await Box(ada, 49).IsCheckedAsync()).ShouldBeTrue();
        // One row less is not all any more.
        await Box(ada, 49).UncheckAsync();
        await Assertions.Expect(bar).ToContainTextAsync("49 selected");
        await ada.Locator("[data-choose-none]").ClickAsync();

        // Letters in the search are letters, and "check all" is there after a filter, a sort and a page.
        await ada.Fill("Search", "novak");
        await ada.ComesTo("q=novak");
        await Assertions.Expect(ada.Locator(".filter-chip")).ToContainTextAsync("novak");
        foreach (var further in (string[])["#sort-email", "a[rel=next]"])
        {
            if (further[0] == 'a') await ada.GotoAsync($"{home}/members");
            await ada.Locator(further).ClickAsync();
            await ada.ComesTo(further[0] == 'a' ? "at=" : "sort=email");
            await ada.Locator("[data-check-all]").CheckAsync();
            await Assertions.Expect(bar).ToContainTextAsync(new Regex("[0-9]+ selected"));
            await ada.Keyboard.PressAsync("Escape");
        }
    });

    [Fact, Trait("Rule", "M1")]
    public Task The_pager_says_which_rows_these_are_and_tabs_and_filters_say_how_many() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = await WithEverybody(ada, world);
        var all = (long)(await world.Query($"select count(*) from accounts.account where managed_by = '{world.AcmeId}'"))!;
        await ada.GotoAsync($"{home}/members");
        await Assertions.Expect(ada.Locator("#list-tabs a").First).ToHaveTextAsync(new Regex($"^All\\s+{all}$"));
        await Shows(ada, $"1–50 of {all}");
        await ada.Click("Next");
        await Shows(ada, $"51–100 of {all}");
        var second = ada.Url;
        await ada.Click("Next");
        await Shows(ada, $"101–150 of {all}");
        await ada.Click("Previous");
        await Shows(ada, $"51–100 of {all}");
        await ada.Click("Previous");
        await Shows(ada, $"1–50 of {all}");

        // The number in the address is a hint: what cannot be is not believed, and no row depends on it.
        var first = await ada.Locator("#list tbody a").First.InnerTextAsync();
        foreach (var nonsense in (string[])["0", "-7", "99999999999999999999", $"{all}", "x"])
        {
            await ada.GotoAsync(second.Replace("row=51", $"row={nonsense}", StringComparison.Ordinal));
            await Shows(ada, $"50 of {all}");
        }
        (await ada.Locator("#list tbody a").First.InnerTextAsync()).ShouldNotBe(first);
        await ada.Locator("#size").SelectOptionAsync("25");
        await Shows(ada, $"1–25 of {all}");
        // Who hears the page is told.
        await Assertions.Expect(ada.Locator("[data-said]")).ToHaveTextAsync($"1–25 of {all}");
        await ada.ComesTo("size=25");
        await ada.Click("Next");
        await Shows(ada, $"26–50 of {all}");

        // Tabs lead to what they count; the toolbar keeps up with what htmx brings.
        await ada.Locator("#list-tabs").GetByRole(AriaRole.Link, new() { Name = "Unverified" }).ClickAsync();
        await ada.ComesTo("status=unverified");
        await Assertions.Expect(ada.Locator("#list-tabs [aria-current]")).ToContainTextAsync("Unverified");
        await ada.Locator(".list-more summary").ClickAsync();
        await ada.Locator("#status").SelectOptionAsync("active");
        await Assertions.Expect(ada.Locator(".list-more[open]")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator("#list-tabs [aria-current]")).ToContainTextAsync("Active");
        await Assertions.Expect(ada.Locator("#filter-count")).ToContainTextAsync("1");
        await Assertions.Expect(ada.Locator(".filter-chip")).ToHaveCountAsync(1);
        (await ada.GetByRole(AriaRole.Link, new() { Name = "Export CSV" }).GetAttributeAsync("href"))!.ShouldContain("status=active");
        // With the keys each choice is applied, and the panel stays until Enter.
        await ada.Locator(".list-more summary").FocusAsync();
        await ada.Keyboard.PressAsync("Enter");
        await ada.Locator("#twostep").FocusAsync();
        await ada.Keyboard.PressAsync("Shift");
        await ada.Locator("#twostep").SelectOptionAsync("off");
        await ada.ComesTo("twostep=off");
        await Assertions.Expect(ada.Locator("#twostep")).ToBeVisibleAsync();
        await Shows(ada, "1–25 of over 25");
        // No tab counts what two filters leave, and none says that it does.
        await Assertions.Expect(ada.Locator("#list-tabs [aria-current]")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator("#list-tabs")).ToContainTextAsync("Numbers without your filters");
        (await ada.Obstacles()).ShouldBeEmpty();
        await Picture(ada, "filters-1280-light");

        // What is typed within the panel is applied when something else of it is pressed, which still is there to be pressed; both hold.
        await ada.GotoAsync($"{home}/users");
        await ada.Locator(".list-more summary").ClickAsync();
        await ada.Locator("#domain").ClickAsync();
        await ada.Keyboard.TypeAsync(world.Acme);
        await ada.Locator("label[for=status]").ClickAsync();
        await ada.ComesTo($"domain={world.Acme}");
        await Assertions.Expect(ada.Locator(".list-more[open]")).ToHaveCountAsync(1);
        await ada.Locator("#status").SelectOptionAsync("active");
        await ada.ComesTo("status=active");
        ada.Url.ShouldContain($"domain={world.Acme}");
        await Assertions.Expect(ada.Locator(".list-more[open]")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator(".filter-chip")).ToHaveCountAsync(2);

        // And what was typed when the choice came at once is not lost either.
        await ada.GotoAsync($"{home}/users");
        await ada.Locator(".list-more summary").ClickAsync();
        await ada.Locator("#domain").ClickAsync();
        await ada.Keyboard.TypeAsync(world.Acme);
        await ada.Locator("#type").SelectOptionAsync("managed");
        await ada.ComesTo("type=managed");
        ada.Url.ShouldContain($"domain={world.Acme}");
        await Assertions.Expect(ada.Locator("#domain")).ToHaveValueAsync(world.Acme);
        await Assertions.Expect(ada.Locator(".filter-chip")).ToHaveCountAsync(2);
    });

    [Fact, Trait("Rule", "M1")]
    public Task Columns_and_density_are_remembered_in_cookies_and_nonsense_in_them_is_nothing() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = $"/o/{world.AcmeId}";
        await ada.Enter(world);
        await ada.GotoAsync($"{home}/members");
        await ada.Locator(".list-view summary").ClickAsync();
        (await ada.Obstacles()).ShouldBeEmpty();
        await Picture(ada, "view-1280-light");
        await ada.Locator("[data-column=policy]").UncheckAsync();
        await Assertions.Expect(ada.Locator("#list th.col-policy")).ToHaveCountAsync(0);
        await ada.GetByLabel("Compact rows").CheckAsync();
        foreach (var again in (bool[])[false, true])
        {
            if (again) await ada.ReloadAsync();
            (await ada.EvaluateAsync<int>("() => document.querySelector('#list tbody tr').offsetHeight")).ShouldBeInRange(36, 37);
            await Assertions.Expect(ada.Locator("#list th.col-policy, #list td.col-policy")).ToHaveCountAsync(0);
        }
        await ada.GotoAsync($"{home}/users");
        await Assertions.Expect(ada.Locator("#list th.col-places")).ToHaveCountAsync(1);

        var root = world.Installation.Address.ToString();
        await ada.Context.AddCookiesAsync([new() { Name = "hide-members", Value = "name.%00.nothing.status", Url = root },
            new() { Name = "density", Value = "enormous", Url = root }]);
        await ada.GotoAsync($"{home}/members");
        await Assertions.Expect(ada.Locator("#list th.col-name")).ToHaveCountAsync(1);
        await Assertions.Expect(ada.Locator("#list th.col-status")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator("#list th.col-policy")).ToHaveCountAsync(1);
    });
}
