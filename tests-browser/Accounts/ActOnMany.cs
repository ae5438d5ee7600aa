using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Browser.Accounts;

/// <summary>An admin acts on many accounts from the list, and on one from its profile: deactivate, reactivate, delete, cancel, unclaim by
/// file (SPEC A3 to A5, A10, C6, C9).</summary>
public sealed class ActOnMany
{
    static async Task ClaimEverybody(IPage page, string home, World world)
    {
        await page.GotoAsync($"{home}/domains/{await world.DomainId()}/claim");
        await page.Click("Next");
        await page.Click("Next");
        await page.Click("Next");
        await page.Click("Claim ");
        await page.Sees("Done");
        // Whoever comes back to the domain finds there what became of it.
        await page.GotoAsync($"{home}/domains/{await world.DomainId()}");
        await Assertions.Expect(page.Locator("#domain-jobs")).ToContainTextAsync(new Regex($"Claim \\d+ accounts on {world.Acme}.*Done",
            RegexOptions.Singleline));
    }

    static ILocator Box(IPage page, int row) => page.Locator("input[name=account]").Nth(row);

    [Theory, InlineData(true), InlineData(false), Trait("Rule", "A10"), Trait("Rule", "C8"), Trait("Rule", "C9")]
    public Task Rows_are_checked_previewed_deactivated_and_given_back(bool script) => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody(script);
        var home = await ada.SignInAsAdmin(world.Ada);
        await ClaimEverybody(ada, home, world);
        await ada.GotoAsync($"{home}/members?q=@{world.Acme}&sort=email&status=active");

        // Nothing chosen is said, and nothing happens; with script nothing is offered before something is chosen.
        if (script)
        {
            await Assertions.Expect(ada.Locator("[data-chosen]")).ToBeHiddenAsync();
        }
        else
        {
            await ada.Click("Continue");
            await ada.Sees("Choose an action.");
            await ada.Act("Deactivate", script);
            await ada.Sees("Choose at least one account.");
        }

        var own = ada.GetByRole(AriaRole.Row).Filter(new() { HasText = world.Ada }).Locator("input[name=account]");
        await own.CheckAsync();
        for (var (row, others) = (0, 0); others < 3; row++)
        {
            if (await Box(ada, row).IsCheckedAsync()) continue;
            await Box(ada, row).CheckAsync();
            others++;
        }
        if (script) await ada.Sees("4 selected");
        await ada.Act("Deactivate", script);
        // Nobody does this to the own account.
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Deactivate 3 accounts");
        await ada.Sees("You cannot do this to your own account");
        await ada.Fill("Message to these people", new string('x', 501));
        await ada.Click("Deactivate 3 accounts");
        // The same words stand below the field before, as a hint: what is typed into a form that is still on its way is lost.
        await ada.Locator("[aria-invalid=true]").First.WaitForAsync();
        await ada.Sees("At most 500 characters.");
        (await ada.GetByLabel("Message to these people").InputValueAsync()).Length.ShouldBe(501);
        await ada.Fill("Message to these people", "Ask Grace in HR.");
        await ada.Click("Deactivate 3 accounts");
        await ada.Sees("Done");
        await ada.Sees("3 of 3");
        await world.StillSays(
            $"select count(*) from accounts.account where managed_by = '{world.AcmeId}' and state = 2 and deactivation_message = 'Ask "
            + "Grace in HR.'", 3L);

        await ada.Click("Undo");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Undo: reactivate 3 accounts");
        await ada.Click("Reactivate 3 accounts");
        await ada.Sees("Done");
        await world.StillSays($"select count(*) from accounts.account where managed_by = '{world.AcmeId}' and state = 2", 0L);
    });

    [Fact, Trait("Rule", "A5"), Trait("Rule", "A10")]
    public Task One_and_all_that_match_are_deleted_after_the_warning_is_acknowledged_and_kept_when_the_deletion_is_cancelled() =>
        Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = await ada.SignInAsAdmin(world.Ada);
        await ClaimEverybody(ada, home, world);
        var liam = $"{home}/members/{world.LiamId}";
        await ada.GotoAsync($"{liam}/delete");
        await ada.EvaluateAsync("() => document.querySelector('main form').noValidate = true");
        await ada.Click("Delete account");
        await ada.Sees("Select the checkbox to confirm that you understand what deleting means.");
        await ada.GetByLabel("I understand that the data is permanently erased").CheckAsync();

        // A page that is out of date: somebody else was faster.
        var other = await go.Somebody();
        await other.Enter(world);
        await other.GotoAsync($"{liam}/delete");
        await other.GetByLabel("I understand that the data is permanently erased").CheckAsync();
        await ada.Click("Delete account");
        await ada.Sees("will be deleted in 14 days");
        await other.Click("Delete account");
        await other.Sees("This account is scheduled for deletion");

        var person = await go.Somebody();
        await person.SignIn(world.Liam);
        await Assertions.Expect(person.Heading()).Not.ToHaveTextAsync("Your account");
        await ada.Click("Undo");
        await Assertions.Expect(ada.Heading()).ToContainTextAsync("Cancel");
        await ada.Click("Cancel deletion");
        await ada.Sees("is active again");
        await person.SignIn(world.Liam);
        await person.GotoAsync("/account");
        await person.Sees(world.Liam);

        // All that match a filter.
        await ada.GotoAsync($"{home}/members?q=weber");
        await ada.ActOnAll("Delete");
        await ada.Front().Locator("form button.btn-danger").ClickAsync();
        await Assertions.Expect(ada.GetByLabel("I understand that their data is permanently erased"))
            .ToHaveAttributeAsync("aria-describedby", "input-acknowledged-error");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.GetByLabel("I understand that their data is permanently erased").CheckAsync();
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Front().Locator("form button.btn-danger").ClickAsync();
        await ada.Sees("Done");
        var deleted =
            (long)(await world.Query($"select count(*) from accounts.account where managed_by = '{world.AcmeId}' and state = 3"))!;
        deleted.ShouldBeGreaterThan(0);
        await ada.GotoAsync($"{home}/members?status=pending-deletion");
        await ada.ActOnAll("Cancel deletion");
        await Assertions.Expect(ada.Front().Locator(".big-number")).ToBeVisibleAsync();
        await ada.Front().Locator("form button.btn-primary").ClickAsync();
        await ada.Sees("Done");
        await world.StillSays($"select count(*) from accounts.account where managed_by = '{world.AcmeId}' and state = 3", 0L);
    });

    [Fact, Trait("Rule", "A10"), Trait("Rule", "M6"), Trait("Rule", "M7"), Trait("Rule", "M8"), Trait("Rule", "S5")]
    public Task Credentials_of_many_are_taken_back_and_people_are_moved_to_a_policy_from_the_list() => Journey.Through(async (go, world) =>
    {
        var (ada, liam) = (await go.Somebody(), await go.Somebody());
        var home = await ada.SignInAsAdmin(world.Ada);
        await liam.SignIn(world.Liam);
        await liam.GotoAsync("/account/api-tokens");
        await liam.Fill("Label", "Backup");
        await liam.Click("Create API token");
        await ada.GotoAsync($"{home}/policies/new");
        await ada.Fill("Name", "Contractors");
        await ada.Click("Create policy");
        await ada.Sees("Policy “Contractors” created.");

        async Task Begin(string action)
        {
            await ada.GotoAsync($"{home}/members?q=liam");
            await ada.ActOnAll(action);
            await Assertions.Expect(ada.Front().Locator(".big-number")).ToBeVisibleAsync();
        }

        await Begin("Contractors");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Move 1 account to “Contractors”");
        (await ada.GetByText("Notify by email").CountAsync()).ShouldBe(0);
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Click("Move 1 account");
        await ada.Sees("Done");
        await ada.Sees("Moved to policy");
        await world.StillSays($"select count(*) from security.policy_member where account_id = '{world.LiamId}'", 1L);

        await Begin("Revoke API tokens");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Revoke the API tokens of 1 account");
        await ada.Click("Revoke the API tokens of 1 account");
        await ada.Sees("API tokens revoked");
        await world.StillSays($"select count(*) from security.api_token where account_id = '{world.LiamId}' and revoked_at is null", 0L);
        await Begin("Revoke API tokens");
        await ada.Sees("0 accounts will be left without API tokens.");
        await ada.Sees("No active API tokens");

        await Begin("Sign out everywhere");
        await ada.Click("Sign out 1 account");
        await ada.Sees("Signed out");
        await liam.GotoAsync("/account");
        await liam.ComesTo("/sign-in");

        await Begin("Reset password");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Reset the password of 1 account");
        await ada.Click("Reset the password of 1 account");
        await ada.Sees("Password reset");
        await liam.SignIn(world.Liam);
        await liam.Sees("Choose a new password");
    });

    [Fact, Trait("Rule", "C6"), Trait("Rule", "C7"), Trait("Rule", "C11")]
    public Task Two_files_unclaim_and_the_exclusion_list_shows_whom() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = await ada.SignInAsAdmin(world.Ada);
        await ClaimEverybody(ada, home, world);

        // From the domain it is the same page: a list is what is preselected, and nothing begins without one.
        await ada.GotoAsync($"{home}/domains");
        await ada.GetByRole(AriaRole.Row).Filter(new() { HasText = world.Acme }).Locator("summary").ClickAsync();
        await ada.GetByRole(AriaRole.Link, new() { Name = "Unclaim accounts" }).ClickAsync();
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync($"Unclaim accounts on {world.Acme}");
        (await ada.GetByLabel("Only accounts in a list").IsCheckedAsync()).ShouldBeTrue("all is never preselected");
        await ada.Click("Next");
        await ada.Sees("Choose a file, or paste the email addresses.");
        await ada.Locator("#input-text").FillAsync($"nobody@{world.Acme}");
        await ada.GetByLabel($"All accounts on {world.Acme}").CheckAsync();
        await ada.Click("Next");
        await ada.Sees("You entered email addresses, but selected all accounts.");
        await Assertions.Expect(ada.Locator("#input-text")).ToHaveValueAsync($"nobody@{world.Acme}");

        await ada.GotoAsync($"{home}/members");
        await ada.Click("Update from list");
        await ada.GetByLabel("What to do", new() { Exact = true }).SelectOptionAsync("unclaim");
        await ada.Click("Next");
        await ada.Sees("Choose a file, or paste the email addresses.");
        var free = (string)(await world.Query(
            $"select string_agg(email, ',') from (select email from accounts.account where managed_by = '{world.AcmeId}' "
            + "and email not like 'ada@%' order by email limit 2) e"))!;
        await ada.Locator("input[type=file]").SetInputFilesAsync((FilePayload[])
        [
            new() { Name = "first.csv", MimeType = "text/csv",
                Buffer = System.Text.Encoding.UTF8.GetBytes($"\uFEFFEmail\r\n{free.Split(',')[0].ToUpperInvariant()}\r\nno address\r\n") },
            new() { Name = "second.csv", MimeType = "text/csv",
                Buffer = System.Text.Encoding.UTF8.GetBytes($"{free.Split(',')[1]}\n\nnobody@{world.Acme}") },
        ]);
        await ada.Click("Next");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Unclaim 2 accounts");
        await ada.Sees("2 lines cannot be used");
        await ada.Sees("first.csv:");
        await ada.Click("Unclaim 2 accounts");
        await ada.Sees("Done");
        await ada.GotoAsync($"{home}/domains/{await world.DomainId()}/exclusions");
        await ada.Sees("2 accounts");
        foreach (var email in free.Split(',')) await ada.Sees(email);
        await ada.Fill("Email address", $"nobody@{world.Acme}");
        await ada.Click("Add to list");
        await ada.Sees("There is no account with this email address.");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Remove" }).First.ClickAsync();
        await ada.Sees("Removed from the exclusion list");
        await ada.Sees("1 account");
    });
}
