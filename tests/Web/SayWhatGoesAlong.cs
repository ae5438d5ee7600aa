using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Reporting.Internal.Audit;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Words;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What a page says before something is removed, and what a log says afterwards, in words and of what there is.</summary>
public sealed class SayWhatGoesAlong : OnAdasPages
{
    [Fact, Trait("Rule", "U12")]
    public async Task A_sites_removal_names_what_it_takes_and_nothing_that_is_not_there()
    {
        const string nothing = @"\b0 (role|direct|group|pending|site|user)";
        var bare = await Here.Grant(new CreateSite(Acme, "Bare", "https://bare.example", By(Ada)));
        var page = await Page($"/o/{Acme}/sites/{bare}/remove");
        page.ShouldContain("No one is a user of this site.");
        page.ShouldContain("Accounts and groups are kept.");
        page.ShouldNotContain("also removes");
        Regex.IsMatch(page, nothing).ShouldBeFalse();

        await User("liam@acme.example", Site, JiraUser);
        page = await Page($"/o/{Acme}/sites/{Site}/remove");
        page.ShouldContain("1 user loses access to every app here");
        page.ShouldContain("This also removes 1 role in an app. Accounts");
        Regex.IsMatch(page, nothing).ShouldBeFalse();
        page = await Page($"/o/{Acme}/sites/{Site}/apps/trello/remove");
        page.ShouldNotContain("also removes");
        Regex.IsMatch(page, nothing).ShouldBeFalse();

        await Group("Staff");
        await Invite(Site, JiraUser, null, "new@mail.example");
        (await Page($"/o/{Acme}/sites/{Site}/remove"))
            .ShouldContain("This also removes 1 role in an app, 1 group’s access and 1 pending invitation. Accounts");
        (await Page($"/o/{Acme}/sites/{Site}/apps/jira/remove"))
            .ShouldContain("This also removes 1 direct role and 1 group’s access. The");
    }

    [Fact, Trait("Rule", "C7"), Trait("Rule", "D12")]
    public async Task An_unclaiming_says_that_a_scheduled_deletion_goes_on()
    {
        var domain = await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        var liam = await Here.Account("liam@acme.example", "Liam Novak", managedBy: Acme);
        var profile = $"/o/{Acme}/members/{liam}";
        (await Page($"{profile}/unclaim")).ShouldSatisfyAllConditions(p => p.ShouldContain("Liam Novak keeps all access"),
            p => p.ShouldNotContain("still deleted"));
        await Here.Grant(new ScheduleDeletion(liam, Acme, By(Ada)));
        (await Page($"{profile}/unclaim")).ShouldSatisfyAllConditions(p => p.ShouldContain("The account is still deleted on"),
            p => p.ShouldContain("only if your organization claims the account again"),
            p => p.ShouldContain($"href=\"{profile}/cancel-deletion\""), p => p.ShouldNotContain("keeps all access"));
        (await Page($"/o/{Acme}/domains/{domain}/remove")).ShouldContain("Scheduled deletions continue");
        var draft = await Here.Grant(new PrepareBulk(Acme, ManyAccounts.Unclaim, [liam], null, By(Ada)));
        (await Page($"/o/{Acme}/bulk/{draft}")).ShouldContain("Scheduled deletions continue");
    }

    [Fact, Trait("Rule", "S5")]
    public async Task A_policys_removal_names_its_rules()
    {
        var policy = await Here.Grant(new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Staff" }, By(Ada)));
        (await Page($"/o/{Acme}/policies/{policy}/delete")).ShouldSatisfyAllConditions(
            p => p.ShouldContain("No one is in this policy, so nothing changes."), p => p.ShouldContain("Delete policy “Staff”"),
            p => p.ShouldContain($"href=\"/o/{Acme}/policies/{policy}\">Cancel</a>", customMessage: "every question is left by one word"));
        using var joined = await AdasVisitor.Post($"/o/{Acme}/policies/{policy}/rules", ("Input.Attribute", "Domain,Department"),
            ("Input.Value", "Lab"));
        joined.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "two names are no attribute");
        await Here.Grant(new AddPolicyRule(Acme, policy, RuleAttribute.Department, "Lab", By(Ada)));
        var page = await Page($"/o/{Acme}/policies/{policy}/delete");
        page.ShouldContain("This also deletes its membership rule.");
        page.ShouldNotContain("nothing changes");
        // Nor does a group go without the policy that its members are in by it.
        var group = await Group("Crew");
        (await Page($"/o/{Acme}/groups/{group}/delete")).ShouldNotContain("People who are in");
        await Here.Grant(new AddPolicyRule(Acme, policy, RuleAttribute.Group, "Crew", By(Ada)));
        (await Page($"/o/{Acme}/groups/{group}/delete")).ShouldContain(
            "People who are in the policy “Staff” because of this group are in another policy from their next sign-in.");
    }

    [Fact, Trait("Rule", "L4")]
    public async Task A_policys_change_is_told_by_what_changed_and_in_words()
    {
        var policy = await Here.Grant(new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Staff" }, By(Ada)));
        var changed = PolicyDraft.Initial with { Name = "Staff", ApiTokens = false, LifeDays = 5 };
        await Here.Grant(new ChangePolicy(Acme, policy, 1, changed, By(Ada)));
        var entry = await Here.Scalar<Guid>("select id from kernel.audit_entry where action = 'PolicyChanged'");
        var page = await Page($"/o/{Acme}/audit-log/{entry}");
        var fields = Regex.Matches(page, "<th scope=\"row\">([^<]+)</th>").Select(m => m.Groups[1].Value);
        fields.ShouldBe(["API tokens", "Life days"], ignoreOrder: true);
        Regex.Match(page, "API tokens</th>.*?</tr>").Value.ShouldMatch(">Yes<.*>No<");
        (await Page($"/o/{Acme}/audit-log")).ShouldContain("<optgroup label=", Case.Sensitive, "a hundred events are found by kind");
    }

    [Fact, Trait("Rule", "L4")]
    public void What_is_stored_as_json_reads_as_words()
    {
        var row = new AuditEvent(null!, new Dictionary<string, string> { ["jira"] = "Jira" }, new Dictionary<Guid, PersonPlace>(), null)
        {
            Sites = new HashSet<string>(),
        };
        foreach (var (field, stored, shown) in (IReadOnlyList<(string, string?, string?)>)
        [
            ("rules", """{"twoStepMandatory":false,"password":"good","sessionIdle":"7.00:00:00","apiTokens":true,"passwordExpiry":null}""",
                "Two step mandatory: No; Password: Good; Session idle: 7 days; API tokens: Yes"),
            ("roles", """{"jira":"admin"}""", "Jira: admin"), ("roles", "{}", null), ("scopes", """["read","write"]""", "read, write"),
            ("list", "[]", null), ("note", "{not json", "{not json"), ("note", "[", "["), ("name", "true story", "true story"),
            ("billable", "false", "No"), ("none", null, null),
        ])
            AuditValues.Shown(row, field, stored, isJson: true).ShouldBe(shown, stored);
        // Whoever is called so is called so.
        foreach (var name in (string[])["true", "[1]", "{}", "false"])
        {
            AuditValues.Shown(row, "name", name, isJson: false).ShouldBe(name);
            var stored = JsonSerializer.Serialize(new { name, billable = true, list = new[] { 1 } });
            var changes = HistoryLines.Of(default, "Changed", null, "web", stored, null, null).Changes;
            changes.Single(c => c.Field == "name").ShouldBe(new HistoryChange("name", name, null));
            string.Join(' ', changes.Where(c => c.IsJson.Before).Select(c => c.Field)).ShouldBe("billable list");
        }
    }

    [Fact, Trait("Rule", "A12")]
    public async Task Ones_own_account_shows_what_one_did_and_not_what_others_did()
    {
        var liam = await User("liam@acme.example", Site, JiraUser);
        await Here.Grant(new GivePassword([liam], Password));
        using var visitor = Node.Somebody();
        await visitor.SignIn("liam@acme.example", Password);
        using var empty = await visitor.Get("/account");
        (await empty.Content.ReadAsStringAsync()).ShouldContain("Recent activity");
        using var made = await visitor.Post("/account/api-tokens", ("Input.Label", "Backup"), ("Input.Days", "30"));
        ((int)made.StatusCode).ShouldBeLessThan(400);
        var own = await Here.Send(new ReadOwnHistory(liam));
        own.Select(e => e.Line.History.Action).ShouldContain(SecurityActions.ApiTokenCreated);
        own.ShouldAllBe(e => e.Line.Actor == liam.Value);
        using var account = await visitor.Get("/account");
        var page = WebUtility.HtmlDecode(await account.Content.ReadAsStringAsync());
        page.ShouldContain("API token");
        page.ShouldNotContain("Ada", customMessage: "who administers is the organization's");
        (await Here.Send(new ReadOwnHistory(Ada))).ShouldAllBe(e => e.Line.Subject == Ada.Value);
    }

    [Fact, Trait("Rule", "A12")]
    public async Task Who_left_a_site_is_not_told_what_it_is_called_now()
    {
        await Invite(Site, null, null, "noah@mail.example");
        var (link, noah) = (await Link("noah@mail.example"), await Here.Account("noah@mail.example"));
        await Here.Grant(new AcceptInvitation(link, noah, By(noah)));
        await Here.Grant(new RenameSite(Site, "Renamed", By(Ada)));
        (await Named()).ShouldBe("Renamed");
        (await Change(MembershipChange.Remove, noah, Site)).Granted.ShouldBeTrue();
        (await Named()).ShouldBe("a site");

        async Task<string?> Named() => (await Here.Send(new ReadOwnHistory(noah)))
            .Single(e => e.Line.History.Action == SiteActions.InvitationAccepted).Names.GetValueOrDefault($"{Site}");
    }

    [Fact, Trait("Rule", "M1"), Trait("Rule", "M2")]
    public async Task By_added_the_list_and_the_profile_mean_the_same_day()
    {
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        var nora = await Here.Account("nora@acme.example", "Nora Berg", managedBy: Acme);
        await Here.Rows<int>("update accounts.account set created_at = created_at - interval '400 days' where id = @id returning 1",
            new { id = nora.Value });
        var listed = Regex.Match(await Page($"/o/{Acme}/members?q=nora"), "data-label=\"Added\">.*?datetime=\"([0-9-]{10})");
        var profile = Regex.Match(await Page($"/o/{Acme}/members/{nora}"), "<dt>Added</dt><dd>.*?datetime=\"([0-9-]{10})");
        (listed.Success, profile.Groups[1].Value).ShouldBe((true, listed.Groups[1].Value));
    }

    [Fact, Trait("Rule", "P1")]
    public async Task A_key_that_lacks_a_name_and_scopes_is_told_so_at_both()
    {
        using var refused = await AdasVisitor.Post($"/o/{Acme}/api-keys/new", ("Input.Name", ""), ("Input.Days", "7"),
            ("Input.DaysUnit", "days"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await refused.Content.ReadAsStringAsync();
        foreach (var id in (string[])["input-name-error", "input-scopes-error"]) page.ShouldContain($"id=\"{id}\"");
        page.ShouldNotContain("id=\"input-days-error\"");
        foreach (var (days, pressed) in ((string, string)[])[("7", "true"), ("30", "false")])
            Regex.Match(page, $"<button[^>]*data-span=\"{days}\"[^>]*>").Value.ShouldContain($"aria-pressed=\"{pressed}\"");
    }

    [Fact, Trait("Rule", "U3")]
    public async Task A_second_click_on_an_invitation_leads_on_and_says_to_no_stranger_who_joined()
    {
        await Invite(Site, null, null, "noah@mail.example");
        // Nobody has a page yet: the menu of the row is the invitation's.
        var users = await Page($"/o/{Acme}/users");
        users.ShouldContain("noah@mail.example");
        users.ShouldContain($"data-row-menu=\"/s/{Site}/invitations/");
        var link = $"/invitation?token={Uri.EscapeDataString(await Link("noah@mail.example"))}";
        var (noah, other) = (await Here.Account("noah@mail.example"), await Here.Account("other@mail.example"));
        await Here.Grant(new GivePassword([noah], Password));
        await Here.Grant(new GivePassword([other], Password));
        await Here.Grant(new AcceptInvitation(await Link("noah@mail.example"), noah, By(noah)));
        using var visitor = Node.Somebody();
        using var stranger = Node.Somebody();
        async Task<string> Told(SiteVisitor who)
        {
            using var answer = await who.Get(link);
            return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Split("<main")[1];
        }
        (await Told(visitor)).ShouldSatisfyAllConditions(p => p.ShouldContain("You have already joined team"),
            p => p.ShouldContain("/sign-in?returnTo="), p => p.ShouldNotContain(new InvitationVoid().Sentence));
        await visitor.SignIn("noah@mail.example", Password);
        (await Told(visitor)).ShouldContain("Open your sites");
        await stranger.SignIn("other@mail.example", Password);
        (await Told(stranger)).ShouldSatisfyAllConditions(p => p.ShouldContain("This link does not work"),
            p => p.ShouldNotContain("joined"));
    }

    [Fact, Trait("Rule", "A10"), Trait("Rule", "P6")]
    public async Task Nothing_is_done_to_all_of_a_list_whose_filter_is_not_understood_and_no_file_is_made_of_it()
    {
        var domain = await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        await Here.Account("n1@acme.example", managedBy: Acme);
        await User("liam@acme.example", Site, JiraUser);
        var (accounts, users) = ($"/o/{Acme}/members", $"/o/{Acme}/users");
        foreach (var (list, to, deed, review, filters) in ((string, string, (string, string), string, (string, string)[])[])[
            (accounts, $"{accounts}/bulk", ("action", "delete"), $"/o/{Acme}/bulk/", [("status", "deactivatd"), ("status", "Active"),
                ("twostep", "maybe"), ("policy", "none"), ("from", "1.12.2026"), ("to", "tomorrow"), ("q", "\u200b")]),
            (users, $"{users}/change", ("change", "remove"), $"{users}/changes/", [("status", "activ"), ("type", "extern"),
                ("group", "none"), ("domain", "no domain"), ("app", "Jira!"), ("q", "\u200b")])])
        {
            var token = await AdasVisitor.Token(list);
            async Task<string> Begun((string, string) filter)
            {
                using var begun = await AdasVisitor.Send(to, token, deed, ("which", "all"), filter);
                begun.StatusCode.ShouldBe(HttpStatusCode.Redirect);
                return begun.Headers.Location!.OriginalString.Split('?')[0];
            }
            foreach (var filter in filters) (await Begun(filter)).ShouldBe(list, $"{filter}");
            // Said twice is said in no way: the first could be empty, and mean everyone.
            using (var twice = await AdasVisitor.Send(to, token, deed, ("which", "all"), ("status", ""), ("status", "active")))
                twice.Headers.Location!.OriginalString.Split('?')[0].ShouldBe(list);
            using (var both = await AdasVisitor.Send(to, token, deed, ("which", "all"), ("which", "page")))
                both.Headers.Location!.OriginalString.Split('?')[0].ShouldBe(list, "nobody is selected, and it is not all");
            (await Begun(("status", "active"))).ShouldStartWith(review);
            // The list is there all the same; its bar sends back what was typed, and not what was made of it.
            var shown = await Page($"{list}?status=activ&q=acme");
            shown.ShouldContain("<input type=\"hidden\" name=\"status\" value=\"activ\">");
        }
        foreach (var (list, file) in ((string, string)[])[(accounts, "accounts.csv?status=deactivatd"),
            (accounts, "accounts.csv?q=%E2%80%8B"), (accounts, "export?from=1.12.2026"), ($"/o/{Acme}/audit-log", "entries.csv?last=ever"),
            // Said twice, empty first, and by a name that is none.
            (accounts, "accounts.csv?status=&status=active"), (users, "users.csv?domain=&domain=mail.example"),
            (users, "export?type=&type=managed"), (accounts, "accounts.csv?stauts=active"), (accounts, "accounts.csv?groups=columns"),
            (users, "users.csv?stauts=active"), (users, $"users.csv?site[]={Site}"), (users, "users.csv?site%20=x"),
            (users, "export?stauts=active"), ($"/s/{Site}/users", "users.csv?stauts=active"),
            ($"/o/{Acme}/audit-log", "entries.csv?lats=7d"),
            // By a name that only another kind of file knows.
            (accounts, $"export?site={Site}"), (users, "export?lastuse=yes"),
            ($"/o/{Acme}/domains", $"{domain}/export?status=active")])
        {
            using var refused = await AdasVisitor.Get($"{list}/{file}");
            await IsRefused(refused, list, file);
        }
        // So do the list's own buttons: what was typed goes along with them.
        foreach (var (list, buttons) in ((string, int)[])[($"{accounts}?status=deactivatd", 2), ($"{users}?status=suspnded", 1),
            ($"/o/{Acme}/audit-log?last=ever", 1)])
        {
            var files = Regex.Matches(await Page(list), "href=\"([^\"]+(?:\\.csv|/export)\\?[^\"]+)\"")
                .Select(m => m.Groups[1].Value).ToList();
            files.Count.ShouldBe(buttons, list);
            foreach (var file in files)
            {
                using var refused = await AdasVisitor.Get(file);
                await IsRefused(refused, list.Split('?')[0], file);
            }
        }
        using var whole = await AdasVisitor.Get($"{accounts}/accounts.csv?status=active");
        whole.StatusCode.ShouldBe(HttpStatusCode.OK);
        // Which accounts are claimed is said by a word, too.
        var claim = $"/o/{Acme}/domains/{domain}/claim";
        using var neither = await AdasVisitor.Send(claim, await AdasVisitor.Token(claim), ("Input.Which", "File"));
        neither.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        async Task IsRefused(HttpResponseMessage answer, string list, string file)
        {
            var to = answer.Headers.Location?.OriginalString;
            (answer.StatusCode, to?.Split('?')[0]).ShouldBe((HttpStatusCode.Redirect, list), file);
            (await Page(to!)).ShouldContain("A filter of this list was not understood, so nothing was done.", customMessage: file);
        }
    }

    [Fact, Trait("Rule", "C1"), Trait("Rule", "C6")]
    public async Task A_list_beside_all_accounts_is_asked_about_at_its_field_and_stands_there_again()
    {
        var domain = await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        foreach (var (i, by) in ((int, OrganizationId?)[])[(1, Acme), (2, null)]) await Here.Account($"n{i}@acme.example", managedBy: by);
        string[] forms = [$"/o/{Acme}/domains/{domain}/claim", $"/o/{Acme}/members/bulk-list?domain={domain}"];
        foreach (var (path, field) in forms.SelectMany(f => ((string, string)[])[(f, "Files"), (f, "Text")]))
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent("all"), "Input.Which" },
                { new StringContent(await AdasVisitor.Token(path)), "__RequestVerificationToken" },
            };
            if (field == "Files") form.Add(new StringContent("n1@acme.example"), "Input.Files", "people.csv");
            else form.Add(new StringContent("n1@acme.example"), "Input.Text");
            using var refused = await AdasVisitor.Client.PostAsync(path, form);
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, path);
            var page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());
            page.ShouldContain($"id=\"input-{field.ToLowerInvariant()}-error\"");
            // "All" hides the list.
            Regex.Matches(page, "<input[^>]*name=\"Input.Which\"[^>]*>").Select(m => m.Value)
                .Single(i => i.Contains("checked=", StringComparison.Ordinal)).ShouldNotContain("value=\"all\"");
            Regex.IsMatch(page, @"<textarea[^>]*>\s*n1@acme\.example").ShouldBe(field == "Text");
        }
        // Nor is a file taken whose name no column holds.
        using var torn = new ByteArrayContent(Encoding.UTF8.GetBytes($"--cut\r\nContent-Disposition: form-data; "
            + "name=\"__RequestVerificationToken\"\r\n\r\n" + await AdasVisitor.Token(forms[0])
            + "\r\n--cut\r\nContent-Disposition: form-data; name=\"Input.Files\"; filename*=UTF-8''a%00.csv\r\n\r\nnobody\r\n--cut--\r\n"));
        torn.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "cut") } };
        using (var answer = await AdasVisitor.Client.PostAsync(forms[0], torn)) answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Here.Scalar<long>("select count(*) from kernel.bulk_draft")).ShouldBe(0);
        foreach (var path in forms)
        {
            using var begun = await AdasVisitor.Post(path, ("Input.Which", "all"), ("Input.Text", ""));
            begun.StatusCode.ShouldBe(HttpStatusCode.Redirect, path);
        }
        // Who claims by a list has said nothing of the accounts that appear later.
        var open = await Here.PublishedDomain(Acme, "open.example");
        await Here.Grant(new VerifyDomain(Acme, open, ProofMethod.Dns, By(Ada)));
        await Here.Account("n3@open.example");
        foreach (var (which, chosen) in ((string, string)[])[("all", "true"), ("file", "false")])
        {
            using var begun = await AdasVisitor.Post($"/o/{Acme}/domains/{open}/claim", ("Input.Which", which),
                ("Input.Text", which == "all" ? "" : "n3@open.example"));
            var step = await Page($"{begun.Headers.Location!.OriginalString}/new-accounts");
            Regex.Matches(step, "<input[^>]*name=\"automatic\"[^>]*>").Select(m => m.Value)
                .Single(i => i.Contains("checked=", StringComparison.Ordinal)).ShouldContain($"value=\"{chosen}\"", customMessage: which);
        }
    }

    [Fact, Trait("Rule", "A5"), Trait("Rule", "A10")]
    public async Task A_deletion_of_many_that_lacks_everything_says_so_at_each_field_and_keeps_what_was_typed()
    {
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        for (var i = 0; i < 3; i++) await Here.Account($"n{i}@acme.example", managedBy: Acme);
        var list = $"/o/{Acme}/members";
        using var begun = await AdasVisitor.Send($"{list}/bulk", await AdasVisitor.Token(list), ("action", "delete"), ("which", "all"));
        begun.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var review = begun.Headers.Location!.ToString();
        using var empty = await AdasVisitor.Post(review, ("Input.Typed", ""), ("Input.Notify", "true"));
        empty.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = WebUtility.HtmlDecode(await empty.Content.ReadAsStringAsync());
        foreach (var id in (string[])["input-acknowledged-error", "input-typed-error"])
        {
            page.ShouldContain($"id=\"{id}\"");
            Regex.IsMatch(page, $"<input[^>]*aria-describedby=\"{id}\"[^>]*>").ShouldBeTrue(id);
        }
        Regex.Matches(page, "aria-invalid=\"true\"").Count.ShouldBe(2);
        using var wrong = await AdasVisitor.Post(review, ("Input.Typed", "many"), ("Input.Acknowledged", "true"));
        page = WebUtility.HtmlDecode(await wrong.Content.ReadAsStringAsync());
        page.ShouldContain("value=\"many\"");
        Regex.Match(page, "<input[^>]*name=\"Input.Acknowledged\"[^>]*>").Value.ShouldContain("checked");
        Regex.Matches(page, "aria-invalid=\"true\"").Count.ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.job")).ShouldBe(0);
    }
}
