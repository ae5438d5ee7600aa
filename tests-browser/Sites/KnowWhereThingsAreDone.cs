namespace DirectoryPlatform.Tests.Browser.Sites;

/// <summary>
/// Which page does what: the account's life belongs to Managed accounts, and the Users pages show it and lead there; access belongs to
/// Users, and Managed accounts show it. Each row of the table that has two columns is gone through on both.
/// </summary>
public sealed class KnowWhereThingsAreDone
{
    [Fact, Trait("Rule", "U2"), Trait("Rule", "U6"), Trait("Rule", "U7"), Trait("Rule", "U8"), Trait("Rule", "A3"), Trait("Rule", "A5"),
        Trait("Rule", "M3"), Trait("Rule", "M9")]
    public Task The_life_of_an_account_is_seen_from_users_and_led_by_managed_accounts() => Journey.Through(async (go, world) =>
    {
        var ada = await go.Somebody();
        var home = await ada.SignInAsAdmin(world.Ada);
        async Task<string> Ask(string sql) => $"{await world.Query(sql)}";
        var site = await Ask($"select id from sites.site where url = 'https://engineering.{world.Acme}'");
        var group = await Ask($"select id from sites.grp where organization_id = '{world.AcmeId}'");
        var liam = world.LiamId;
        var jane = world.JaneId;

        // Assign a group, and take it away: what it opens follows.
        await ada.GotoAsync($"{home}/groups/{group}");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Remove Liam Novak" }).ClickAsync();
        await ada.GotoAsync($"/s/{site}/users/{liam}/why?app=bitbucket");
        await ada.Sees("Liam Novak cannot use Bitbucket");
        await ada.GotoAsync($"{home}/groups/{group}");
        await ada.Fill("Email address", world.Liam);
        await ada.Click("Add member");
        await ada.GotoAsync($"{home}/users/{liam}");
        await ada.Sees("Developers");
        await ada.GotoAsync($"/s/{site}/users/{liam}/why?app=bitbucket");
        await ada.Sees("Liam Novak can use Bitbucket, as user.");

        // Remove app access: the own role goes, and the group's stays.
        await ada.GotoAsync($"/s/{site}/users/{liam}");
        await ada.GetByLabel("Direct role in Jira").SelectOptionAsync("");
        await ada.Click("Save roles");
        await ada.Sees("Roles of Liam Novak on Acme Engineering saved.");
        await ada.Click("Save roles");
        await ada.Sees("Nothing was changed.");
        await ada.GotoAsync($"/s/{site}/users/{liam}/why?app=jira");
        await ada.Sees("Liam Novak cannot use Jira");

        // Deactivate: offered by Managed accounts only, seen from Users.
        async Task NothingOfTheAccountHere(string path)
        {
            await ada.GotoAsync(path);
            foreach (var deed in (string[])["Deactivate", "Reactivate", "Delete", "Cancel deletion", "Unclaim"])
                (await ada.GetByRole(AriaRole.Main).GetByText(deed, new() { Exact = true }).CountAsync()).ShouldBe(0, $"{deed} on {path}");
        }
        await NothingOfTheAccountHere($"{home}/users/{liam}");
        await NothingOfTheAccountHere($"/s/{site}/users/{liam}");
        await ada.GotoAsync($"{home}/members/{liam}/deactivate");
        await ada.Click("Deactivate account");
        await ada.GotoAsync($"/s/{site}/users/{liam}");
        await ada.Sees("Liam Novak (Deactivated)");
        await ada.Sees("Opens nothing while the account is deactivated");
        await ada.GotoAsync($"/s/{site}/users/{liam}/why?app=bitbucket");
        await ada.Sees("Liam Novak cannot use Bitbucket: the account is not active.");
        await ada.GotoAsync($"{home}/users?q=liam");
        await ada.Sees("Dormant Deactivated");

        // Reactivate: reached from Users, done there, and everything is as before.
        await ada.GotoAsync($"{home}/users/{liam}");
        await ada.Click("Update details");
        await ada.ComesTo($"/members/{liam}$");
        await ada.Click("Reactivate");
        await ada.Click("Reactivate account");
        await ada.Sees("is active again");
        await ada.GotoAsync($"/s/{site}/users/{liam}/why?app=bitbucket");
        await ada.Sees("Liam Novak can use Bitbucket, as user.");

        // Edit attributes: of a managed person only, reached from Users, seen there afterwards.
        await ada.GotoAsync($"{home}/users/{jane}");
        (await ada.GetByRole(AriaRole.Link, new() { Name = "Update details" }).CountAsync())
            .ShouldBe(0, "an external person's details are the person's own");
        await ada.Sees("Suggest changes");
        await ada.GotoAsync($"{home}/members/{jane}");
        await ada.ComesTo($"/users/{jane}$");
        await ada.GotoAsync($"{home}/members/{liam}/details/job-title");
        await ada.GetByRole(AriaRole.Main).GetByRole(AriaRole.Textbox).First.FillAsync("Principal engineer");
        await ada.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Save" }).First.ClickAsync();
        await ada.GotoAsync($"{home}/users/{liam}?tab=overview");
        await ada.Sees("Principal engineer");

        // Export: on both pages, with other columns.
        await ada.GotoAsync($"{home}/members?q=liam");
        var accounts = await Text(await ada.RunAndWaitForDownloadAsync(() => ada.Click("Export CSV")));
        await ada.GotoAsync($"/s/{site}/users?q=liam");
        await ada.Click("Export…");
        await ada.GetByLabel("A column for each group").CheckAsync();
        (await ada.Obstacles()).ShouldBeEmpty();
        var users = await Text(await ada.RunAndWaitForDownloadAsync(() => ada.Click("Export CSV")));
        accounts.ShouldContain("Policy name");
        accounts.ShouldNotContain("Account type");
        users.ShouldContain("Account type");
        users.ShouldContain(",Developers");
        users.ShouldNotContain("Policy name");

        // From the organization's list: of all sites, or of one, which is the site's own file.
        await ada.GotoAsync($"{home}/users?q=liam");
        await ada.Click("Export…");
        (await ada.Obstacles()).ShouldBeEmpty();
        var everywhere = await Text(await ada.RunAndWaitForDownloadAsync(() => ada.Click("Export CSV")));
        everywhere.ShouldContain("Account id,Site,Status");
        everywhere.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .ShouldAllBe(l => l.Contains("Liam", StringComparison.Ordinal));
        await ada.Locator("#site").SelectOptionAsync(site);
        await ada.GetByLabel("A column for each group").CheckAsync();
        (await Text(await ada.RunAndWaitForDownloadAsync(() => ada.Click("Export CSV")))).ShouldBe(users);

        // Delete: of a managed account only; the person is still a user, and opens nothing, until the fourteen days are over.
        await ada.GotoAsync($"{home}/members/{liam}/delete");
        await ada.GetByLabel("I understand").CheckAsync();
        await ada.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Delete" }).First.ClickAsync();
        await ada.GotoAsync($"{home}/users/{liam}");
        await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Liam Novak (Pending deletion)");
        await ada.GotoAsync($"/s/{site}/users/{liam}/why?app=bitbucket");
        await ada.Sees("The account is scheduled for deletion");
    });

    [Fact, Trait("Rule", "U4"), Trait("Rule", "U5"), Trait("Rule", "U9"), Trait("Rule", "M2")]
    public Task Suspended_here_is_active_on_another_organizations_site() => Journey.Through(async (go, world) =>
    {
        var (ada, gus, jane) = (await go.Somebody(), await go.Somebody(), await go.Somebody(width: 360, theme: ColorScheme.Dark));
        var (acme, globex) = (await ada.SignInAsAdmin(world.Ada), await gus.SignInAsAdmin(world.Gus));
        await gus.GotoAsync($"{globex}/sites/new");
        await gus.Fill("Name", "Globex Lab");
        await gus.Fill("URL", $"https://lab.{world.Globex}");
        await gus.Click("Add site");
        await gus.Sees("Site added.");
        var lab = $"{await world.Query($"select id from sites.site where url = 'https://lab.{world.Globex}'")}";
        await gus.GetByLabel("Add an app").SelectOptionAsync("jira");
        await gus.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await gus.GotoAsync($"/s/{lab}/users/invite");
        await gus.Fill("Email addresses", world.Jane);
        await gus.GetByLabel("Jira").SelectOptionAsync("user");
        await gus.Click("Invite users");
        await gus.Sees("1 added at once.");

        // All of Acme's external people, on all of its sites.
        await ada.GotoAsync($"{acme}/users?type=external&q=jane@mail");
        await ada.ActOnAll("suspend");
        await ada.Sees("1 user will be suspended on all sites.");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Suspend 1 user" }).ClickAsync();
        await ada.Sees("Results");
        await ada.GotoAsync($"{acme}/users?status=suspended&q=jane@mail");
        await ada.Sees(world.Jane);

        // The other organization sees its own, and nothing of the suspension.
        await gus.GotoAsync($"/s/{lab}/users?status=active");
        await gus.Sees(world.Jane);
        await jane.SignIn(world.Jane);
        await jane.GotoAsync("/account/sites");
        await jane.Sees("You cannot open apps while you are suspended.");
        await jane.Sees("Globex Lab");
        (await jane.Obstacles()).ShouldBeEmpty();

        // An invited external person is among the users, and never among the managed accounts.
        await gus.GotoAsync($"{globex}/members?q=jane");
        (await gus.GetByRole(AriaRole.Main).GetByText(world.Jane).CountAsync()).ShouldBe(0);
    });

    [Fact, Trait("Rule", "U3"), Trait("Rule", "U9")]
    public Task A_site_admin_invites_by_file_without_script_on_a_telephone_and_reads_what_became_of_each_line() =>
        Journey.Through(async (go, world) =>
    {
        var site = $"{await world.Query($"select id from sites.site where url = 'https://engineering.{world.Acme}'")}";
        await world.Query(
            $"insert into sites.site_admin (account_id, site_id, appointed_at) values ('{world.JaneId}', '{site}', now()) returning 1");
        var jane = await go.Somebody(script: false, width: 360);
        await jane.SignIn(world.Jane);
        await jane.GotoAsync($"/s/{site}/users/invite");
        var file = string.Concat(Enumerable.Range(0, 150).Select(i => $"guest{i}@{world.Mail}\r\n")) + $"nonsense\r\n{world.Liam}\r\n";
        await jane.GetByLabel("Or CSV files")
            .SetInputFilesAsync(new FilePayload
            {
                Name = "people.csv",
                MimeType = "text/csv",
                Buffer = System.Text.Encoding.UTF8.GetBytes("email\r\n" + file)
            });
        await jane.GetByLabel("Jira").SelectOptionAsync("user");
        await jane.Click("Invite users");
        await jane.Sees("150 people will be invited to Acme Engineering.");
        await jane.Sees("1 line cannot be used");
        await jane.Sees("Already a user of the site");
        // A reason is read to its end, on a phone, too.
        (await jane.GetByRole(AriaRole.Region, new() { Name = "Lines that cannot be used" })
            .EvaluateAsync<int>("lines => lines.scrollWidth - lines.clientWidth")).ShouldBe(0);
        await jane.GetByRole(AriaRole.Button, new() { Name = "Invite 150 people" }).ClickAsync();
        await jane.ComesTo("/users/jobs/");
        await jane.Sees("Invited by email");
        var results = await Text(await jane.RunAndWaitForDownloadAsync(() => jane.Click("Download results")));
        results.ShouldContain($"2,guest0@{world.Mail},invited");
        results.ShouldContain($"153,{world.Liam},alreadyUserHere");
        (await world.Query($"select count(*) from kernel.mail where recipient like 'guest%@{world.Mail}'")).ShouldBe(150L);
    });

    static async Task<string> Text(IDownload file) => await File.ReadAllTextAsync(await file.PathAsync());
}
