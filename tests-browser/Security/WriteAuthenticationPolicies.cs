using System.Text;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Browser.Security;

/// <summary>An authentication policy from its first line to its end, with wrong input,
/// a stale page and a person whom it holds for.</summary>
public sealed class WriteAuthenticationPolicies
{
    [Fact, Trait("Rule", "S5"), Trait("Rule", "S2")]
    public Task An_admin_writes_a_policy_puts_people_under_it_and_they_are_asked_for_what_it_says() => Journey.Through(async (go, world) =>
    {
        var (ada, other) = (await go.Somebody(), await go.Somebody(width: 360, theme: ColorScheme.Dark));
        var home = await ada.SignInAsAdmin(world.Ada);
        await ada.Click("Authentication policies");
        await ada.Sees("Default policy");
        await Assertions.Expect(ada.GetByRole(AriaRole.Link, new() { NameRegex = new("^[1-9][0-9]* ?, accounts in Default policy$") }))
            .ToBeVisibleAsync();
        await ada.Click("Create policy");
        await ada.Fill("Name", "Contractors");
        await ada.Fill("Password history", "many");
        await ada.Locator("[data-preset='8'][data-unit=hours]").ClickAsync();
        await Assertions.Expect(ada.Locator("#input-idle")).ToHaveValueAsync("8");
        await Assertions.Expect(ada.Locator("[data-preset='8'][data-unit=hours]")).ToHaveAttributeAsync("aria-pressed", "true");
        await ada.Fill("Idle session timeout", "1");
        await Assertions.Expect(ada.GetByLabel("Idle session timeout: unit").Locator("option:checked")).ToHaveTextAsync("hour");
        await Assertions.Expect(ada.Locator("[data-preset='1'][data-unit=hours]")).ToHaveAttributeAsync("aria-pressed", "true");
        await ada.Fill("Idle session timeout", "5");
        await ada.GetByLabel("Idle session timeout: unit").SelectOptionAsync("minutes");
        await ada.Click("Create policy");
        await ada.Sees("Choose 0 to 24 passwords.");
        await ada.Sees("Choose 15 minutes to 30 days.");
        (await ada.GetByLabel("Password history").InputValueAsync()).ShouldBe("many", "nothing typed is lost");
        await ada.Fill("Password history", "3");
        await Assertions.Expect(ada.GetByLabel("Idle session timeout: unit")).ToHaveValueAsync("minutes");
        await ada.Fill("Idle session timeout", "60");
        await ada.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("^Mandatory two-step") }).CheckAsync();
        await ada.GetByLabel("Billable").UncheckAsync();
        await ada.Click("Create policy");
        await ada.Sees("A non-billable policy cannot make two-step verification mandatory.");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.GetByLabel("Billable").CheckAsync();
        await ada.Click("Create policy");

        await ada.Sees("Policy “Contractors” created.");
        await ada.Fill("Email addresses", $"LIAM@{world.Acme}\n{world.Gus}");
        await ada.Click("Move accounts");
        await ada.Sees("1 of 2 moved to “Contractors”.");
        await ada.Sees(world.Gus);
        await ada.Locator("#input-file")
            .SetInputFilesAsync(new FilePayload
            {
                Name = "people.csv",
                MimeType = "text/csv",
                Buffer = Encoding.UTF8.GetBytes($"email\r\n{world.Liam}\r\n")
            });
        await ada.Fill("Email addresses", "");
        await ada.Click("Move accounts");
        await ada.Sees("1 already there.");

        // Two admins with the page open: the second to save is told, and keeps the text.
        await other.Enter(world);
        await other.GotoAsync(ada.Url);
        await ada.Fill("Maximum session length", "5");
        await ada.Click("Save");
        await ada.Sees("“Contractors” saved.");
        await other.Fill("Name", "Contract workers");
        await other.Click("Save");
        await other.Sees("Someone else changed this policy since you opened it.");
        (await other.GetByLabel("Name").InputValueAsync()).ShouldBe("Contract workers");
        await other.Click("Save");
        await other.Sees("“Contract workers” saved.");

        // What a change would mean, before it is made; and people who come by rule.
        await other.Click("Contract workers");
        await other.Sees("1 active account signs in under this policy.");
        await other.Sees("1 set up two-step verification at the next sign-in");
        await Assertions.Expect(other.Locator("#input-idle")).ToHaveValueAsync("1");
        await Assertions.Expect(other.GetByLabel("Idle session timeout: unit")).ToHaveValueAsync("hours");
        await other.Fill("Password expiration", "0");
        await other.Sees("Choose 1 to 3,650 days");
        await other.Fill("Password expiration", "30");
        await other.GetByLabel("Mandatory two-step verification").UncheckAsync();
        await other.Sees("0 set up two-step verification at the next sign-in (now 1)");
        (await other.Obstacles()).ShouldBeEmpty();
        await other.Click("Membership rules");
        await other.Sees("No rules");
        await other.GetByLabel("Attribute").SelectOptionAsync("Domain");
        await other.Fill("Is", "not a domain");
        await other.Click("Add rule");
        (await other.GetByLabel("Is").InputValueAsync()).ShouldBe("not a domain");
        await other.Fill("Is", world.Acme);
        await other.Click("Add rule");
        await other.Sees($"Rule added: domain is {world.Acme}.");
        await other.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^[0-9,]+ accounts?$") }).ClickAsync();
        await other.Sees("Policy Contract workers");
        await other.GotoAsync($"{home}/policies");
        await other.Click("Contract workers");
        await other.Click("Membership rules");
        await other.Click("Remove");
        await other.Sees("Rule removed.");

        var liam = await go.Somebody();
        await liam.SignIn(world.Liam);
        await liam.Sees("two-step verification");
        (await world.Query($"select count(*) from security.session where account_id = '{world.LiamId}' and ended_at is null"))
            .ShouldBe(0L, "not signed in before it is set up");

        await ada.GotoAsync($"{home}/members/{world.LiamId}");
        await ada.Sees("Contract workers");
        await ada.Click("Change the authentication policy");
        await ada.GetByLabel("Default policy").CheckAsync();
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.Click("Save");
        await ada.Sees("was moved to “Default policy”.");
        await ada.Sees("moved Liam Novak to the policy");
        await liam.SignIn(world.Liam);
        await liam.ComesTo("/account$");

        await ada.GotoAsync($"{home}/policies");
        await ada.Click("Contract workers");
        await ada.Click("Delete policy");
        await ada.Sees("No one is in this policy");
        await ada.Click("Delete policy");
        await ada.Sees("“Contract workers” is deleted.");
    });
}
