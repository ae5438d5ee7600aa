using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>A domain's accounts claimed together; jobs are walked by the test itself where nothing depends on who walks them.</summary>
public sealed class ClaimByJob : OnInstallation
{
    async Task<JobId> Confirmed(OrganizationId org, DomainId domain, string? csv = null, string? typed = null)
    {
        var draft = await Here.Grant(new BeginClaim(org, domain, csv is null ? null
            : AddressInput.Of(new MemoryStream(Encoding.UTF8.GetBytes(csv))),
            TestInstallation.Console));
        return await Here.Grant(new ConfirmBulk(org, draft, null, null, false, false, typed, TestInstallation.Console));
    }

    async Task<JobView> Job(OrganizationId org, JobId job) => await Here.Grant(new ReadJob(org.Value, job));

    [Fact, Trait("Rule", "C1"), Trait("Rule", "C8")]
    public async Task The_previews_numbers_are_the_jobs_and_the_databases()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Seed("acme.example", 900);
        var ids = await Here.Rows<Guid>("select id from accounts.account order by id limit 90");
        for (var i = 0; i < 30; i++)
            await Here.Grant(new ClaimAccount(new(ids[i]), globex, "acme.example", true, TestInstallation.Console));
        for (var i = 30; i < 60; i++) await Here.Grant(new ClaimAccount(new(ids[i]), acme, "acme.example", true, TestInstallation.Console));
        for (var i = 50; i < 60; i++) await Here.Grant(new UnclaimAccount(new(ids[i]), acme, true, TestInstallation.Console));
        var draft = await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console));
        var review = await Here.Grant(new ReviewBulk(acme, draft, default));
        review.WillChange.ShouldBe(840);
        review.MustType.ShouldBeFalse();
        review.Refused.ToDictionary(r => r.Code, r => r.Accounts)
            .ShouldBe(new Dictionary<string, long> { ["alreadyClaimed"] = 20, ["excluded"] = 10, ["managedElsewhere"] = 30 },
                ignoreOrder: true);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where job_id is not null"))
            .ShouldBe(0, "a preview writes nothing");
        var job = await Here.Grant(new ConfirmBulk(acme, draft, null, null, false, false, null, TestInstallation.Console));
        await Here.Walk(job);
        var view = await Job(acme, job);
        (view.State, view.Done, view.Total).ShouldBe((JobState.Done, 900, 900));
        view.Counts.OrderBy(c => c.Key)
            .ShouldBe([new("alreadyClaimed", 20), new("claimed", 840), new("excluded", 10), new("managedElsewhere", 30)]);
        (await Here.Scalar<long>("select count(*) from accounts.account where managed_by = @acme", new { acme = acme.Value }))
            .ShouldBe(860);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where job_id = @job and action = 'AccountClaimed'",
            new { job = job.Value })).ShouldBe(840);
        // The ten who were left out are taken when a file names them.
        var emails = await Here.Rows<string>("select email from accounts.account where excluded_by is not null");
        var named = await Confirmed(acme, domain, string.Join('\n', emails));
        await Here.Walk(named);
        (await Job(acme, named)).Counts.ShouldBe(new Dictionary<string, long> { ["claimed"] = 10 });
        (await Here.Scalar<long>("select count(*) from accounts.account where excluded_by is not null")).ShouldBe(0);
    }

    [Fact, Trait("Rule", "C1"), Trait("Rule", "C2")]
    public async Task A_draft_confirmed_by_twenty_at_once_is_one_job()
    {
        await using var node = Here.AnotherNode();
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Seed("acme.example", 50);
        var rounds = Proof.Size(4, 10);
        for (var round = 0; round < rounds; round++)
        {
            var draft = await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console));
            var jobs = await Task.WhenAll(Enumerable.Range(0, 20)
                .Select(i => (i % 2 == 0 ? Here : node).Grant(new ConfirmBulk(acme, draft, null, null, false, false, null,
                    TestInstallation.Console))));
            jobs.Distinct().Count().ShouldBe(1);
            (await Here.Grant(new ConfirmBulk(acme, draft, null, null, false, false, null, TestInstallation.Console))).ShouldBe(jobs[0]);
            (await Here.Refuse(new ReviewBulk(acme, draft, default))).ShouldBe(new DraftVoid());
        }
        (await Here.Scalar<long>("select count(*) from kernel.job")).ShouldBe(rounds);
    }

    [Fact, Trait("Rule", "C1")]
    public async Task Above_a_thousand_accounts_the_name_must_be_typed()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Seed("acme.example", 1_001);
        var draft = await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console));
        (await Here.Grant(new ReviewBulk(acme, draft, default))).MustType.ShouldBeTrue();
        foreach (var typed in (string?[])[null, "", "acme", "evilacme.example"])
            (await Here.Refuse(new ConfirmBulk(acme, draft, null, null, false, false, typed, TestInstallation.Console)))
                .ShouldBe(new TypedWrong());
        (await Here.Scalar<long>("select count(*) from kernel.job")).ShouldBe(0);
        await Here.Grant(new ConfirmBulk(acme, draft, null, null, false, false, " Acme.Example ", TestInstallation.Console));
    }

    [Fact, Trait("Rule", "S8")]
    public async Task Another_organizations_draft_and_job_are_unknown()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Seed("acme.example", 3);
        var draft = await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console));
        (await Here.Refuse(new ReviewBulk(globex, draft, default))).ShouldBe(new NotFound("bulk action"));
        (await Here.Refuse(new ConfirmBulk(globex, draft, null, null, false, false, null, TestInstallation.Console)))
            .ShouldBe(new NotFound("bulk action"));
        (await Here.Refuse(new ChooseNewAccounts(globex, draft, false))).ShouldBe(new NotFound("claim"));
        var job = await Here.Grant(new ConfirmBulk(acme, draft, null, null, false, false, null, TestInstallation.Console));
        (await Here.Refuse(new ReadJob(globex.Value, job))).ShouldBe(new NotFound("job"));
        (await Here.Refuse(new CancelJob(globex.Value, job, TestInstallation.Console))).ShouldBe(new NotFound("job"));
        (await Here.Refuse(new ResumeJob(globex.Value, job, TestInstallation.Console))).ShouldBe(new NotFound("job"));
        (await Here.Grant(new ListJobs(globex.Value))).Rows.ShouldBeEmpty();
    }

    [Fact, Trait("Rule", "C2")]
    public async Task A_cancelled_job_does_nothing_further_and_goes_on_when_resumed()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Seed("acme.example", 30);
        var job = await Confirmed(acme, domain);
        await Here.Grant(new CancelJob(acme.Value, job, TestInstallation.Console));
        await Here.Walk(job);
        (await Here.Refuse(new CancelJob(acme.Value, job, TestInstallation.Console))).ShouldBe(new JobHasEnded());
        var view = await Job(acme, job);
        (view.State, view.Done, view.Ended).ShouldBe((JobState.Cancelled, 0, true));
        await Here.StartBackground();
        await Here.Grant(new ResumeJob(acme.Value, job, TestInstallation.Console));
        await Here.Until(async () => (await Job(acme, job)).State is JobState.Done);
        (await Job(acme, job)).Counts.ShouldBe(new Dictionary<string, long> { ["claimed"] = 30 });
        (await Here.Refuse(new ResumeJob(acme.Value, job, TestInstallation.Console))).ShouldBe(new JobNotResumable());
    }

    [Fact, Trait("Rule", "C2")]
    public async Task A_job_cancelled_while_its_last_chunk_was_written_is_done_when_resumed()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Seed("acme.example", 30);
        var job = await Confirmed(acme, domain);
        await Here.Grant(new CancelJob(acme.Value, job, TestInstallation.Console));
        await Here.Scalar<int>("update kernel.job_range set finished = true returning 1");
        await Here.Grant(new ResumeJob(acme.Value, job, TestInstallation.Console));
        var view = await Job(acme, job);
        (view.State, view.EndedAt is null).ShouldBe((JobState.Done, false));
    }

    [Fact, Trait("Rule", "C2")]
    public async Task A_job_from_a_file_keeps_its_list_until_it_is_done()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Seed("acme.example", 30);
        var job = await Confirmed(acme, domain, string.Join('\n', await Here.Rows<string>("select email from accounts.account")));
        await Here.Grant(new CancelJob(acme.Value, job, TestInstallation.Console));
        Here.Clock.Pass(TimeSpan.FromDays(2));
        await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console));
        await Here.Grant(new ResumeJob(acme.Value, job, TestInstallation.Console));
        await Here.Walk(job);
        (await Job(acme, job)).Counts.ShouldBe(new Dictionary<string, long> { ["claimed"] = 30 });
        await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console));
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "forget bulk drafts").Run(default);
        (await Here.Scalar<long>("select count(*) from kernel.bulk_item")).ShouldBe(0);
    }

    [Fact, Trait("Rule", "C2"), Trait("Rule", "D12")]
    public async Task A_job_whose_domain_was_lost_stops_with_its_sentence()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Seed("acme.example", 30);
        var job = await Confirmed(acme, domain);
        await Here.Grant(new RemoveDomain(acme, domain, (await Here.Grant(new ReadDomain(acme, domain))).Version,
            TestInstallation.Console));
        await Here.Walk(job);
        var view = await Job(acme, job);
        view.State.ShouldBe(JobState.Failed);
        view.Failure.ShouldBe("acme.example is no longer verified by your organization. Verify it again, then resume.");
        (await Here.Scalar<long>("select count(*) from accounts.account where managed_by is not null")).ShouldBe(0);
    }

    [Fact, Trait("Rule", "D12"), Trait("Rule", "C3")]
    public async Task Removing_a_domain_while_a_claim_runs_leaves_no_account_managed()
    {
        await using var slow = await SlowJobs.On(Here, Proof.Size(TimeSpan.FromMilliseconds(60), TimeSpan.Zero));
        await using var one = Here.AnotherNode(SlowJobs.InChunks);
        await using var other = Here.AnotherNode(SlowJobs.InChunks);
        await one.StartBackground();
        await other.StartBackground();
        for (var round = 0; round < Proof.Size(2, 6); round++)
        {
            var (acme, name) = (await Here.Organization($"acme{round}"), $"acme{round}.example");
            var domain = await Here.VerifiedDomain(acme, name);
            await Here.Seed(name, Proof.Size(1_000, 20_000), seed: round);
            var job = await Confirmed(acme, domain, typed: name);
            await Here.Until(async () => (await Job(acme, job)).Done > 0);
            var view = await Here.Grant(new ReadDomain(acme, domain));
            await Here.Grant(new RemoveDomain(acme, domain, view.Version, TestInstallation.Console));
            await Here.Until(async () => (await Here.Grant(new ListJobs(acme.Value))).Rows
                .Any(j => j is { Kind: "unclaim", State: JobState.Done }));
            await Here.Until(async () => (await Job(acme, job)).Ended);
            (await Here.Scalar<long>("select count(*) from accounts.account where managed_by = @acme", new { acme = acme.Value }))
                .ShouldBe(0);
        }
    }

    [Fact, Trait("Rule", "C5")]
    public async Task Claiming_changes_no_session_no_password_and_no_role()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        var gus = await Here.Admin(globex, "gus@acme.example");
        await Here.Grant(new GivePassword([gus], "correct horse"));
        var signedIn = await Here.Grant(new SignIn("gus@acme.example", "correct horse", "test", TestInstallation.Console));
        var hash = await Here.Scalar<string>("select hash from security.password where account_id = @gus", new { gus = gus.Value });
        await Here.Walk(await Confirmed(acme, domain));
        (await Here.Grant(new ReadAccount(gus))).ManagedBy.ShouldBe(acme);
        var visitor = await Here.Send(new AuthenticateSession(signedIn.Token));
        visitor!.AdminOf.ShouldBe([globex]);
        (await Here.Scalar<string>("select hash from security.password where account_id = @gus", new { gus = gus.Value })).ShouldBe(hash);
        (await Here.Send(new SignIn("gus@acme.example", "correct horse", "test", TestInstallation.Console))).Granted.ShouldBeTrue();
    }
}
