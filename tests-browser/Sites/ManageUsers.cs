namespace DirectoryPlatform.Tests.Browser.Sites;

/// <summary>The questions of a confused administrator, and every deed of the Users pages, as people do them in a browser.</summary>
public sealed class ManageUsers
{
    [Fact, Trait("Rule", "U2"), Trait("Rule", "U3"), Trait("Rule", "U4"), Trait("Rule", "U5"), Trait("Rule", "U6"), Trait("Rule", "U7"),
        Trait("Rule", "U10"), Trait("Rule", "U12"), Trait("Rule", "U14"), Trait("Rule", "M2")]
    public Task An_admin_invites_gives_suspends_restores_explains_and_removes() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = await ada.SignInAsAdmin(world.Ada);
        var site = $"{await world.Query($"select id from sites.site where url = 'https://engineering.{world.Acme}'")}";
        var (liam, jane) = (world.LiamId, world.JaneId);
        var seeded = $"{await world.Query($"""
            select email from accounts.account where state = 1 and email like '%@{world.Acme}'
              and email not like 'ada@%' and email not like 'liam@%' and email not like 'jane@%' order by id limit 1
            """)}";

        // A claimed account is not among the users until it is invited, and is easy to find and to invite.
        await ada.GotoAsync($"{home}/users?q={Uri.EscapeDataString(seeded)}");
        await ada.Sees("No users match");
        await ada.GotoAsync($"{home}/users?q={world.Jane}");
        await ada.Sees("External");
        await ada.GotoAsync($"{home}/members?q={world.Jane}");
        await ada.Sees("No accounts match");
        await ada.GotoAsync($"{home}/members/{liam}");
        await ada.Click("Access");
        await ada.Sees("Acme Engineering");

        // Invite: one who has an account is in at once, a new address gets a mail, nonsense is told.
        // That it opens nothing is said while no role and no group is chosen, and afterwards of those to whom none was given.
        await ada.GotoAsync($"/s/{site}/users/invite");
        var opensNothing = ada.GetByText("Without a role or a group, an invitation opens no app.");
        await Assertions.Expect(opensNothing).ToBeVisibleAsync();
        (await ada.Locator("label[for=input-emails]").InnerTextAsync()).ShouldBe("Email addresses", "it is not optional");
        await ada.Fill("Email addresses", $"bare@{world.Mail}");
        await ada.Click("Invite users");
        await ada.Sees("1 invited by email.");
        await ada.Sees("these people cannot open any app yet");
        await ada.Click("Invite more people");
        await ada.Fill("Email addresses", $"{seeded}, fresh@{world.Mail} nonsense");
        await ada.GetByLabel("Jira").SelectOptionAsync("user");
        await Assertions.Expect(opensNothing).ToBeHiddenAsync();
        await ada.Click("Invite users");
        await ada.Sees("1 invited by email, 1 added at once, 1 not invited.");
        (await ada.GetByText("cannot open any app yet").CountAsync()).ShouldBe(0);
        await ada.Sees("Added: this person has an account");
        await ada.Sees("An email address looks like");
        await ada.GotoAsync($"/s/{site}/users?status=invited");
        await ada.Sees($"fresh@{world.Mail}");
        await ada.GetByRole(AriaRole.Link, new() { Name = $"fresh@{world.Mail}" }).ClickAsync();
        await ada.Sees("Expires");

        // The new person follows the link and is in.
        await Patience.Until(async () =>
            await world.Query($"select count(*) from kernel.mail where recipient = 'fresh@{world.Mail}'") is > 0L);
        var link = $"{await world.Query($"select letter->>'link' from kernel.mail where recipient = 'fresh@{world.Mail}'")}";
        var fresh = await go.Somebody(script: false, width: 360);
        await fresh.GotoAsync(new Uri(link).PathAndQuery);
        await fresh.Fill("Full name", "Fresh Person");
        await fresh.Fill("Password", "a good long password 7");
        await fresh.Click("Join");
        await fresh.Sees("Your account was created.");
        await fresh.AskFor($"fresh@{world.Mail}");
        await fresh.Fill("Password", "a good long password 7");
        await fresh.Click("Sign in");
        await fresh.Sees("Acme Engineering");
        await fresh.Sees("Jira");

        // Why: in words, and what would change.
        await ada.GotoAsync($"/s/{site}/users/{liam}/why?app=bitbucket");
        await ada.Sees("Liam Novak can use Bitbucket, as user.");
        await ada.Sees("Loses access: no role or group gives access to the app.");

        // Roles.
        await ada.GotoAsync($"/s/{site}/users/{liam}");
        await ada.GetByLabel("Direct role in Confluence").SelectOptionAsync("admin");
        await ada.Click("Save roles");
        await ada.Sees("Roles of Liam Novak on Acme Engineering saved.");
        await ada.GotoAsync($"/s/{site}/users/{liam}/why?app=confluence");
        await ada.Sees("can use Confluence, as admin.");
        await Assertions.Expect(ada.Locator(".side-link[aria-current=page]")).ToHaveTextAsync("Users");
        await Assertions.Expect(ada.GetByRole(AriaRole.List, new() { Name = "Reasons" })).ToContainTextAsync("Yes: Active on this site.");

        // Suspended here, active on the other site; undo brings it back.
        await ada.GotoAsync($"/s/{site}/users/{liam}");
        await ada.GetByLabel("More actions").First.ClickAsync();
        await ada.Click("Suspend");
        await ada.Sees("Access to other sites does not change.");
        await ada.Sees("Liam Novak will be suspended on Acme Engineering.");
        await ada.Click("Suspend");
        await ada.Sees("Liam Novak is suspended on this site.");
        await ada.GotoAsync($"{home}/users/{liam}");
        await ada.Sees("Acme Support");
        // The columns of both sites stand below one another.
        var columns = await ada.Locator(".app-roles").EvaluateAllAsync<string[]>(
            "tables => tables.map(t => [...t.querySelectorAll('th')].map(h => Math.round(h.getBoundingClientRect().x)).join())");
        columns.Length.ShouldBe(2);
        columns[1].ShouldBe(columns[0]);
        var person = await go.Somebody();
        await person.SignIn(world.Liam);
        await person.GotoAsync("/account/sites");
        await person.Sees("You cannot open apps while you are suspended.");
        await person.Sees("To open another app, or to join another site, ask its admin.");
        await ada.GotoAsync($"/s/{site}/users/{liam}/restore");
        await Assertions.Expect(ada.Locator("main .alert-info")).ToContainTextAsync("Liam Novak will be restored on Acme Engineering.");
        await ada.Click("Restore");
        await ada.Sees("Liam Novak is restored on this site.");

        // Removed from all sites, and still managed.
        await ada.GotoAsync($"{home}/users/{liam}/remove");
        await ada.Sees("Your organization still manages the account.");
        await ada.Sees("Groups to leave: Developers.");
        await ada.Click("Remove");
        await ada.Sees("Liam Novak is removed from all sites.");
        await ada.GotoAsync($"{home}/users/{liam}");
        await ada.ComesTo($"/members/{liam}[?]tab=access$");
        await ada.Sees("Not on any of your organization’s sites");
        await ada.GotoAsync($"{home}/users?type=never-invited&q=liam");
        await ada.Sees("Not on a site");

        // Many at once.
        await ada.GotoAsync($"/s/{site}/users?status=active&q=jane@mail");
        await ada.GetByLabel("Select Jane Doe").First.CheckAsync();
        await ada.Act("suspend");
        await ada.Sees("1 user will be suspended on Acme Engineering.");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.GetByRole(AriaRole.Button, new() { Name = "Suspend 1 user" }).ClickAsync();
        await ada.ComesTo("/users/jobs/");
        await ada.Sees("Results");
        (await ada.Obstacles()).ShouldBeEmpty();
        await ada.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await ada.Sees("1 user will be restored on Acme Engineering.");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Restore 1 user" }).ClickAsync();
        await ada.Sees("Restored");

        // All that match, on all sites: nothing is done before it is confirmed.
        await ada.GotoAsync($"{home}/users?type=external");
        await ada.ActOnAll("remove");
        await ada.Sees("from all sites.");
        await ada.Sees("This cannot be undone");
        (await ada.Obstacles()).ShouldBeEmpty();

        // Somebody external: what is suggested waits for the person's yes.
        await ada.GotoAsync($"{home}/users/{jane}/suggest");
        (await ada.Locator("main form .form-label").First.InnerTextAsync()).ShouldStartWith("Email address");
        await ada.Fill("Email address", $"jane.doe@{world.Mail}");
        await ada.Fill("Job title", "Consultant");
        await ada.Click("Suggest changes");
        await ada.Sees("Nothing changes until they accept.");
        var external = await go.Somebody();
        await external.SignIn(world.Jane);
        await external.GotoAsync("/account/suggestions");
        await external.Sees("Consultant");
        (await external.Obstacles()).ShouldBeEmpty();
        await external.Click("Accept");
        await external.ComesTo("/account/email");
        await external.Sees("Confirm the new email address to finish.");
        await Assertions.Expect(external.GetByLabel("New email address")).ToHaveValueAsync($"jane.doe@{world.Mail}");
        await external.Click("Send link");
        await external.Sees($"We sent a link to jane.doe@{world.Mail}.");
        $"{await world.Query($"select job_title from accounts.profile where account_id = '{jane}'")}".ShouldBe("Consultant");
    });

    [Fact, Trait("Rule", "U9"), Trait("Rule", "S7"), Trait("Rule", "U1"), Trait("Rule", "U13")]
    public Task A_site_admin_sees_the_own_site_and_nothing_else() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = await ada.SignInAsAdmin(world.Ada);
        var (engineering, support) = ($"{await world.Query($"select id from sites.site where url = 'https://engineering.{world.Acme}'")}",
            $"{await world.Query($"select id from sites.site where url = 'https://support.{world.Acme}'")}");
        await ada.GotoAsync($"{home}/sites/{engineering}");
        await ada.GetByLabel("Email address").FillAsync(world.Jane);
        await ada.Click("Add admin");
        await ada.Sees("now has this role");
        await ada.Sees("Site admin");
        await ada.GotoAsync($"{home}/sites");
        await ada.GetByLabel("Separately on each site").CheckAsync();
        await ada.Click("Save");
        await ada.Sees("Acme Support: users");

        var jane = await go.Somebody(width: 360);
        await jane.SignIn(world.Jane);
        await jane.ComesTo($"/s/{engineering}/users$");
        await jane.Sees("Users of Acme Engineering");
        (await jane.Obstacles()).ShouldBeEmpty();
        foreach (var path in (string[])[$"/s/{support}/users", $"{home}/users", $"{home}/members", $"{home}/sites", $"{home}/groups"])
        {
            var answer = await jane.GotoAsync(path);
            answer!.Status.ShouldBe(404, path);
        }

        // Groups of the site, once the organization allows it.
        await jane.GotoAsync($"/s/{engineering}/users/{world.LiamId}");
        await Assertions.Expect(jane.GetByText("Groups of this site")).ToHaveCountAsync(0);
        await ada.GotoAsync($"{home}/sites");
        await ada.GetByLabel("Site admins can add people to groups").CheckAsync();
        await ada.GetByRole(AriaRole.Button, new() { NameRegex = new("^Save ?: site admins") }).ClickAsync();
        await ada.Sees("Site admins can now add people to groups of their site.");
        await jane.ReloadAsync();
        await jane.GetByRole(AriaRole.Button, new() { NameRegex = new("^Remove ?: Developers") }).ClickAsync();
        await jane.Sees("was removed from the group");
        await jane.GetByLabel("Add to group").FillAsync("developers");
        (await jane.Obstacles()).ShouldBeEmpty();
        await jane.Click("Add to group");
        await jane.Sees("was added to “developers”.");
        await Assertions.Expect(jane.GetByRole(AriaRole.Button, new() { NameRegex = new("^Remove ?: Developers") })).ToBeVisibleAsync();
    });
}
