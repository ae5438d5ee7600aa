using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Reporting;

[Trait("Rule", "M9")]
public sealed class ExportAccountsTests : OnInstallation
{
    static readonly ExportScope Everybody = new(ManagedAccountFilter.Everybody);
    static readonly string[] Head =
    [
        "Name", "Email", "Last active", "Status", "Billable", "Policy name", "Policy type", "SAML single sign-on", "Two-step verification",
        "Password requirements", "Idle session duration",
    ];

    [Fact]
    public async Task Another_parser_reads_what_was_written_and_no_cell_is_a_formula()
    {
        var org = await Here.Organization("acme");
        string[] names = ["=1+1", "+49 30", "-2", "@SUM(A1)", "\tTab", "\rReturn", "＝1+1", "＋49 30", "－2", "＠SUM(A1)", "a＝1",
            "Comma, \"quote\"", "Two\nlines", "Zoë 名 😀", " space ", "'", ";semi"];
        foreach (var (name, i) in names.Select((n, i) => (n, i))) await Here.Account($"p{i}@acme.example", name, managedBy: org);
        var rows = await IndependentCsv.Read(await File(org, Everybody));

        rows[0].ShouldBe(Head);
        rows.Skip(1).Select(r => r[0]).Order().ShouldBe(names.Select(n => "=+-@\t\r＝＋－＠".Contains(n[0]) ? $"'{n}" : n).Order());
        rows.SelectMany(r => r).ShouldAllBe(cell => cell.Length == 0 || !"=+-@\t\r＝＋－＠".Contains(cell[0]));
        rows.ShouldAllBe(r => r.Length == Head.Length);
    }

    [Fact]
    public async Task LibreOffice_opens_it_with_every_value_in_its_own_column_and_computes_none()
    {
        var org = await Here.Organization("acme");
        string[] names =
            ["=1+1", "+49 30", "-2", "@SUM(A1)", "Comma, \"quote\"", "Two\nlines", "Zoë 名 😀", "'", ";semi", "0012", "1.5"];
        foreach (var (name, i) in names.Select((n, i) => (n, i))) await Here.Account($"p{i}@acme.example", name, managedBy: org);
        var rows = await Spreadsheet.Open(await File(org, Everybody));

        rows[0].Select(c => c.Value).ShouldBe(Head);
        rows.Count.ShouldBe(names.Length + 1);
        rows.SelectMany(r => r).ShouldAllBe(c => !c.IsFormula);
        foreach (var (name, i) in names.Select((n, i) => (n, i)))
        {
            var row = rows.Single(r => r[1].Value == $"p{i}@acme.example");
            (row[2].Value, row[3].Value, row[5].Value, row[10].Value, row.Count)
                .ShouldBe(("", "Active", "Default policy", "7 days", 11), name);
            // A number loses its leading zeros in a spreadsheet; nothing else is changed.
            row[0].Value.ShouldBe("=+-@".Contains(name[0]) ? $"'{name}" : name is "0012" ? "12" : name);
        }
    }

    [Fact]
    public async Task The_file_holds_the_accounts_that_the_filter_means_and_nobody_elses()
    {
        var (org, other) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var people = await ListedPerson.Write(Here, org, other, new Random(5), 200);
        foreach (var filter in (ManagedAccountFilter[])[new(), new("ann"), new(State: AccountState.Deactivated),
            new("ann", AccountState.Active, "acme.example", LastActive.Within90Days, EmailVerified: true), new("no such thing")])
        {
            var expected = people.Where(p => p.State is not AccountState.Unverified && p.Matches(org, filter, Here.Clock.GetUtcNow()))
                .ToList();
            var rows = await IndependentCsv.Read(await File(org, new(filter)));
            rows.Skip(1).Select(r => r[1]).Order().ShouldBe(expected.Select(p => p.Email).Order());
            (await Here.Grant(new MeasureExport(org, new(filter)))).Rows.ShouldBe(expected.Count);
            foreach (var row in rows.Skip(1))
            {
                var person = expected.Single(p => p.Email == row[1]);
                (row[2], row[3])
                    .ShouldBe((person.LastActive?.ToString("yyyy-MM-dd HH:mm:ss'Z'") ?? "", person.State is AccountState.PendingDeletion
                        ? "Pending deletion"
                        : person.State.ToString()));
            }
        }
    }

    [Fact]
    public async Task Up_to_ten_thousand_rows_are_sent_at_once_and_more_are_not()
    {
        var org = await Here.Organization("acme");
        // Only their number matters here.
        await Here.Rows<int>("""
            insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by,
              claimed_at, created_at)
            select gen_random_uuid(), 1, 'p' || n || '@acme.example', 'acme.example', 'P', 'p', 1, true, @org, now(), now()
              from generate_series(1, 10000) n
            """, new { org = org.Value });
        (await Here.Grant(new MeasureExport(org, Everybody))).IsDirect.ShouldBeTrue();
        await Here.Account("one-more@acme.example", managedBy: org);
        var size = await Here.Grant(new MeasureExport(org, Everybody));
        (size.Rows, size.IsDirect).ShouldBe((10_001, false));
    }

    [Fact]
    public async Task A_job_writes_the_file_in_parts_and_only_its_organization_can_have_it_and_only_for_a_week()
    {
        var accounts = Proof.Size(450, 45_000); // two whole parts and a piece
        var (org, other) = (await Managing(accounts), await Here.Organization("globex"));
        var job = await Here.Grant(new BeginExport(org, new(new("acme.example")), TestInstallation.Console));
        (await Here.Refuse(new ReadExport(org, job))).ShouldBeOfType<NotFound>("it is not finished");
        await using (var node = Here.AnotherNode(SlowJobs.InChunks))
        {
            foreach (var range in await Here.Rows<int>("select no from kernel.job_range where job_id = @job", new { job = job.Value }))
                await node.Services.GetRequiredService<JobWorker>().Run(job.Value, range, default);
        }
        var view = await Here.Grant(new ReadJob(org.Value, job));
        (view.State, view.Done, view.Total).ShouldBe((JobState.Done, accounts, accounts));
        view.Counts.ShouldBe(new Dictionary<string, long> { ["exported"] = accounts });

        using var output = new MemoryStream();
        await Here.Grant(new DownloadExport(org, job, output));
        var rows = await IndependentCsv.Read(output.ToArray());
        rows[0].ShouldBe(Head);
        rows.Skip(1).Select(r => r[1]).Distinct().Count().ShouldBe(accounts);
        rows.Count.ShouldBe(accounts + 1);
        output.ToArray().ShouldBe(await File(org, new(new("acme.example"))), "part by part is the same as at once");

        (await Here.Refuse(new ReadExport(other, job))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new DownloadExport(other, job, new MemoryStream()))).ShouldBeOfType<NotFound>();
        (await Here.Scalar<string>("select arguments::text from kernel.job"))!.ShouldNotContain("search");

        Here.Clock.Pass(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        (await Here.Refuse(new ReadExport(org, job))).ShouldBeOfType<NotFound>();
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "delete expired exports").Run(default);
        (await Here.Scalar<long>("select count(*) from directory.export_part")).ShouldBe(0);
    }

    [Fact, Trait("Rule", "A6")]
    public async Task An_erased_person_is_in_no_file_any_more_and_other_files_stay()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var (liam, gus) = (await Here.Account("liam@acme.example", managedBy: acme),
            await Here.Account("gus@globex.example", managedBy: globex));
        await Here.Grant(new ScheduleDeletion(liam, acme, TestInstallation.Console));
        Here.Clock.Pass(Account.DeletionGrace - TimeSpan.FromHours(1));
        var (with, without) = (await Here.Grant(new BeginExport(acme, Everybody, TestInstallation.Console)),
            await Here.Grant(new BeginExport(globex, Everybody, TestInstallation.Console)));
        foreach (var job in new[] { with, without })
            foreach (var range in await Here.Rows<int>("select no from kernel.job_range where job_id = @job", new { job = job.Value }))
                await Here.Services.GetRequiredService<JobWorker>().Run(job.Value, range, default);
        await Here.Grant(new ReadExport(acme, with));
        Here.Clock.Pass(TimeSpan.FromHours(2));
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(default);

        (await Here.Refuse(new ReadExport(acme, with))).ShouldBeOfType<NotFound>();
        (await Here.Grant(new ReadExport(globex, without))).Rows.ShouldBe(1);
        gus.ShouldNotBe(liam);
    }

    [Fact, Trait("Rule", "D13")]
    public async Task Everybody_on_a_domain_is_exported_by_its_owner_only()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var domain = await Here.VerifiedDomain(acme, "acme.example", automatic: false);
        await Here.Account("ours@acme.example", "Ours", managedBy: acme);
        await Here.Account("free@acme.example", "Free");
        var scope = new ExportScope(ManagedAccountFilter.Everybody, domain);
        var own = $"{acme}";
        using var trips = new RoundTrips(Here);
        var rows = await IndependentCsv.Read(await File(acme, scope));
        trips.Sent.ShouldContain(sql => sql.Contains("by another organization", StringComparison.Ordinal));
        trips.Sent.ShouldAllBe(sql => !sql.Contains(own, StringComparison.Ordinal), "values are parameters");
        rows[0].ShouldBe(["Name", "Email", "Account id", "Status", "Last active", "Claimed", "Verified email", "Two-step verification"]);
        rows.Skip(1).Select(r => (r[0], r[5])).ShouldBe([("Ours", "by this organization"), ("Free", "no")]);
        (await Here.Refuse(new MeasureExport(globex, scope))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new BeginExport(globex, scope, TestInstallation.Console))).ShouldBeOfType<NotFound>();
        (await Here.Scalar<long>("select count(*) from kernel.job")).ShouldBe(0);
    }

    async Task<OrganizationId> Managing(int accounts)
    {
        var org = await Here.Organization("acme");
        await Here.Seed("acme.example", accounts);
        await Here.Rows<int>(
            "update accounts.account set managed_by = @org, claimed_at = now(), state = greatest(state, 1), email_verified = true",
            new { org = org.Value });
        return org;
    }

    async Task<byte[]> File(OrganizationId org, ExportScope scope)
    {
        using var output = new MemoryStream();
        await Here.Grant(new StreamExport(org, scope, TestInstallation.Console, output));
        return output.ToArray();
    }
}
