using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Internal.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Domains.Internal.Storage;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Reporting.Internal.Audit;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Words;
using DirectoryPlatform.Webhooks;
using Npgsql;

namespace DirectoryPlatform.Tests.Reporting;

/// <summary>The audit log as people look through it: a sentence for each entry, a row for each job, former addresses (SPEC L4).</summary>
[Trait("Rule", "L4")]
public sealed partial class ScanTheAuditLog : OnInstallation
{
    [GeneratedRegex(@"actual rows=([\d.]+)|Removed by Filter: (\d+)")]
    private static partial Regex Numbers();

    /// <summary>Every word that can stand in an entry.</summary>
    static IEnumerable<string> Actions() => new[] { typeof(KernelActions), typeof(AccountActions), typeof(SiteActions),
            typeof(SecurityActions), typeof(ProvisioningActions), typeof(ReportingActions), typeof(WebhookActions) }
        .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(f => (string)f.GetRawConstantValue()!)
        .Concat(new[] { typeof(AccountFact), typeof(DomainFact) }.SelectMany(t => t.Assembly.GetTypes()
            .Where(c => !c.IsAbstract && t.IsAssignableFrom(c))).Select(t => t.Name));

    static AuditEvent Row(string action, bool own = false, params HistoryChange[] changes)
    {
        var (subject, actor) = (Guid.NewGuid(), Guid.NewGuid());
        return new(new(Guid.NewGuid(), new(default, action, "Ada Admin", "web", null, changes), own ? subject : actor, "ada@acme.example",
            subject, AuditSubject.Account, "Liam Novak", null, null, null), new Dictionary<string, string> { ["jira"] = "Jira" },
            new Dictionary<Guid, PersonPlace> { [subject] = PersonPlace.Users }, null)
        { Sites = new HashSet<string>() };
    }

    [Fact]
    public void Every_kind_of_entry_has_a_sentence_without_its_code()
    {
        var actions = Actions().ToList();
        actions.Count.ShouldBeGreaterThan(90);
        foreach (var action in actions)
            foreach (var own in (bool[])[false, true])
            {
                var text = AuditSentence.Of(Row(action, own), "/o/acme").Text;
                text.ShouldNotContain(": " + HistoryLabels.Of(action), Case.Insensitive, $"{action} has no sentence");
                text.ShouldNotContain(action);
                text.ShouldNotContain("{");
                char.IsUpper(text[0]).ShouldBeTrue(text);
            }
    }

    [Fact]
    public void A_sentence_names_the_thing_and_leads_where_somebody_is()
    {
        var site = $"{Guid.NewGuid()}";
        HistoryChange[] changes = [new("site", null, site), new("app", null, "jira"), new("role", null, "Admin")];
        var row = Row(SiteActions.AppRoleGiven, false, changes) with
        {
            Sites = new HashSet<string> { site },
            Names = new Dictionary<string, string> { [site] = "Acme Engineering", ["jira"] = "Jira" },
        };
        var told = AuditSentence.Of(row, "/o/acme");
        told.Text.ShouldBe("Ada Admin gave Liam Novak the role admin in Jira on Acme Engineering");
        told.Pieces.Where(p => p.Href is not null).Select(p => (p.Text, p.Href)).ShouldBe([
            ("Liam Novak", $"/o/acme/users/{row.Line.Subject}"), ("Acme Engineering", $"/o/acme/sites/{site}")]);
        AuditSentence.Of(row with { Sites = new HashSet<string>() }, "/o/acme").Pieces.Single(p => p.Text == "Acme Engineering").Href
            .ShouldBeNull("it is gone");
    }

    [Theory]
    [InlineData("proved", ": verification token found"), InlineData("otherValue", ": verification token not found")]
    [InlineData("timeout", ": no clear answer"), InlineData(null, "")]
    public void A_check_of_a_domain_is_told_by_what_it_saw_and_an_old_entry_says_no_result(string? verdict, string told)
    {
        HistoryChange[] changes = verdict is null ? [] : [new(DomainChecked.Seen, null, verdict)];
        var row = Row(nameof(DomainChecked), false, changes);
        var sentence = AuditSentence.Of(row, "/o/acme");
        sentence.Text.ShouldBe($"Ada Admin checked the domain Liam Novak{told}");
        HistoryLabels.Changes(row, sentence).ShouldBeEmpty("the sentence says it");
    }

    /// <summary>Every state, and every time that there can be.</summary>
    [Fact]
    public void What_accounts_and_domains_show_is_said_in_words()
    {
        var at = new DateTimeOffset(2026, 12, 15, 11, 4, 4, TimeSpan.Zero).AddTicks(6_558_494);
        var owner = new OrganizationId(Guid.NewGuid());
        foreach (var state in Enum.GetValues<AccountState>())
            Said(nameof(DeletionScheduled), new AccountStore().Shown(new(new(Guid.NewGuid()), 1, EmailAddress.Trusted("liam@acme.example"),
                "Liam", state, true, owner, at, at, at, "why", "a message", [], [], []))).ShouldContain(Badge.Of(state).Text);
        foreach (var state in Enum.GetValues<DomainState>())
            Said(nameof(DomainLapsed), new DomainStore().Shown(new(new(Guid.NewGuid()), 1, owner, "acme.example", state, "token", true,
                ProofMethod.Dns, at, at, null, at, at, at, at, at, at))).ShouldContain(Badge.Of(state).Text);
        AuditValues.Shown(Row(nameof(DeletionCancelled)), "deletionDueAt", at.ToString("O"), isJson: false)
            .ShouldBe("15 December 2026, 11:04 UTC");
        foreach (var (field, codes) in ((string, Type)[])[("role", typeof(AppRole)), ("status", typeof(UserStatus)),
            ("experience", typeof(Experience)), ("rule", typeof(IdentityRule)), ("password", typeof(PasswordStrength)),
            ("attribute", typeof(RuleAttribute))])
            foreach (var code in Enum.GetNames(codes))
                foreach (var stored in (string[])[code, JsonNamingPolicy.CamelCase.ConvertName(code)])
                    AuditValues.Shown(Row("Changed"), field, stored, isJson: false)!.ShouldMatch("^[A-Z][a-z]+( [a-z]+)*$", field);
    }

    static List<string> Said(string action, IReadOnlyList<AuditedValue> values)
    {
        var said = values.Where(v => v.Value is not null && !Guid.TryParse(v.Value, out _))
            .Select(v => AuditValues.Shown(Row(action), v.Name, v.Value, isJson: false)!).ToList();
        foreach (var text in said) text.ShouldNotMatch("[0-9]T[0-9]|[a-z][A-Z]|^(yes|no)$");
        return said;
    }

    async Task<(OrganizationId Acme, JobId Job)> Claimed(int people)
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Seed("acme.example", people);
        var draft = await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console));
        var job = await Here.Grant(new ConfirmBulk(acme, draft, null, null, false, false, null, TestInstallation.Console));
        await Here.Walk(job);
        return (acme, job);
    }

    async Task<IReadOnlyList<AuditEvent>> Rows(OrganizationId acme, AuditFilter filter, int size = 50)
    {
        var (rows, cursor) = (new List<AuditEvent>(), (string?)null);
        do
        {
            var page = await Here.Grant(new ReadAuditEvents(acme, filter, cursor, size));
            rows.AddRange(page.Rows);
            cursor = page.Next;
        } while (cursor is not null);
        return rows;
    }

    [Fact]
    public async Task A_job_is_one_row_that_opens_to_what_it_did()
    {
        var (acme, job) = await Claimed(120);
        var all = await Rows(acme, AuditFilter.Everything, 3);
        var row = all.Single(r => r.Line.History.Action == KernelActions.JobBegun);
        AuditSentence.Of(row, "/o/acme").Text.ShouldEndWith(" claimed 120 accounts on acme.example");
        all.ShouldNotContain(r => r.Line.Job == job.Value);
        var opened = await Rows(acme, AuditFilter.Everything with { Job = job.Value }, 50);
        opened.Count.ShouldBe(120);
        opened.Select(r => r.Line.Id).ShouldBeUnique();
        (await Rows(acme, new(Actions: [nameof(AccountClaimed)]))).Select(r => r.Line.Subject).ShouldBe([job.Value]);
        (await Rows(acme, new(Actions: [nameof(AccountDeactivated)]))).ShouldBeEmpty();
        var one = opened[7].Line.Subject;
        (await Rows(acme, new(Person: $"{one}"))).ShouldContain(r => r.Line.Job == job.Value, "whoever looks for a person finds it");
        var counts = await Here.Send(new CountAuditEvents(acme, AuditFilter.Everything));
        (counts.Whole, counts.Hours.Sum(h => h.Rows)).ShouldBe((true, all.Count));
        // Each entry of the organization is a row, or what a row opens to.
        (all.Count + opened.Count).ShouldBe(await Here.Scalar<int>(
            "select count(*)::int from kernel.audit_entry where organization_id = @acme", new { acme = acme.Value }));
        var globex = await Here.Organization("globex");
        (await Rows(globex, AuditFilter.Everything with { Job = job.Value })).ShouldBeEmpty();
        (await Here.Refuse(new ReadAuditEvent(globex, opened[0].Line.Id))).ShouldBe(new NotFound("event"));
        (await Here.Grant(new ReadAuditEvent(acme, opened[0].Line.Id))).Json.ShouldContain($"\"{opened[0].Line.Id}\"");
    }

    [Theory]
    [InlineData("Claim 202 accounts on acme.example", JobState.Done, 202, 202, "claimed 202 accounts on acme.example")]
    [InlineData("Claim 1,202 accounts", JobState.Done, 1_200, 1_202, "claimed 1,200 of 1,202 accounts")]
    [InlineData("Deactivate 1 account", JobState.Done, 4, 1, "deactivated 4 accounts")]
    [InlineData("Move 5 accounts to “Strict 5”", JobState.Cancelled, 2, 5, "moved 2 of 5 accounts to “Strict 5”")]
    [InlineData("Move 5 accounts to “Strict”", JobState.Cancelled, 0, 5, "started “Move 5 accounts to “Strict””")]
    [InlineData("Sign out 3 accounts", JobState.Running, 1, 3, "started “Sign out 3 accounts”")]
    [InlineData("Undo: reactivate 3 accounts", JobState.Done, 2, 3, "reactivated 2 of 3 accounts, to undo another job")]
    [InlineData("Delete 2 accounts", JobState.Failed, 0, 2, "started “Delete 2 accounts”")]
    public void A_job_is_told_by_what_it_did(string title, JobState state, long did, long announced, string told) =>
        AuditSentence.Of(Row(KernelActions.JobBegun) with { Job = new(Guid.NewGuid(), title, state, (did, announced)) }, "/o/acme").Text
            .ShouldBe($"Ada Admin {told}");

    [Fact]
    public async Task However_much_a_job_did_a_page_reads_little()
    {
        var (acme, job) = await Claimed(20);
        await Here.Rows<int>("""
            insert into kernel.audit_entry (id, at, organization_id, subject_id, action, means, job_id)
            select gen_random_uuid(), (select max(at) from kernel.audit_entry where job_id = @job), @acme, gen_random_uuid(),
              'AccountClaimed', 'job', @job from generate_series(1, @many) returning 1
            """, new { acme = acme.Value, job = job.Value, many = Proof.Size(20_000, 200_000) });
        // One that ran at the same time, and did something else.
        var other = await Here.Scalar<Guid>("""
            with j as (insert into kernel.job (id, kind, organization_id, title, arguments, state, origin, asked_at, ended_at, total)
              select gen_random_uuid(), kind, organization_id, title, arguments, state, origin, asked_at, ended_at, total from kernel.job
              where id = @job returning id)
            insert into kernel.audit_entry (id, at, organization_id, subject_id, action, means)
              select gen_random_uuid(), now(), @acme, id, 'JobBegun', 'web' from j returning subject_id
            """, new { acme = acme.Value, job = job.Value });
        (await Rows(acme, new(Actions: [nameof(AccountClaimed)]))).ShouldNotContain(r => r.Line.Subject == other);
        await Here.Rows<int>("analyze kernel.audit_entry");
        foreach (var filter in (AuditFilter[])[AuditFilter.Everything, new(Actions: [nameof(AccountClaimed)]),
            new(Actions: [nameof(AccountDeactivated)]), AuditFilter.Everything with { Job = job.Value }])
        {
            await using var database = NpgsqlDataSource.Create(Here.ConnectionString);
            await using var command = database.CreateCommand();
            var meant = await AuditConditions.Rows(database, acme, filter, command.Parameters, default, folded: true);
            command.CommandText = "explain (analyze, costs off, timing off, summary off) "
                + $"select e.id from {meant.From} where {meant.Where} order by e.at desc, e.id desc limit 51";
            var (plan, read) = ("", 0.0);
            await using var lines = await command.ExecuteReaderAsync();
            while (await lines.ReadAsync())
            {
                var line = lines.GetString(0);
                plan += line + "\n";
                if (Numbers().Match(line) is { Success: true } m)
                    read += double.Parse(m.Groups[m.Groups[1].Success ? 1 : 2].Value, CultureInfo.InvariantCulture);
            }
            read.ShouldBeLessThan(2_000, plan);
        }
    }

    [Fact]
    public async Task A_person_is_found_by_a_former_address_until_erased()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var ada = await Here.Admin(acme, "ada@acme.example");
        await Here.VerifiedDomain(acme, "acme.example");
        var eve = await Here.Account("eve.old@acme.example", "Eve", managedBy: acme);
        await Here.Grant(new ProvideEmail(eve, acme, EmailAddress.Parse("eve.new@acme.example").Value, By(ada)));
        await Here.Grant(new DeactivateAccount(eve, acme, null, null, false, By(ada)));
        foreach (var address in (string[])["eve.old@acme.example", "eve.new@acme.example"])
            (await Rows(acme, new(Person: address))).Select(r => r.Line.History.Action)
                .ShouldBe([nameof(AccountDeactivated), nameof(EmailAddressChanged), nameof(AccountClaimed)], address);
        (await Rows(globex, new(Person: "eve.old@acme.example"))).ShouldBeEmpty();
        await Here.Rows<int>("update kernel.audit_entry set personal = null where subject_id = @eve returning 1", new { eve = eve.Value });
        (await Rows(acme, new(Person: "eve.old@acme.example"))).ShouldBeEmpty("an erasure takes the value along");
    }
}
