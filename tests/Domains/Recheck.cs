using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Domains.Internal.Recheck;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Domains;

/// <summary>The daily look and the 14 days (SPEC D9), moved through time.</summary>
[Trait("Rule", "D9")]
public sealed class Recheck : OnInstallation
{
    static readonly TimeSpan Day = TimeSpan.FromDays(1), Hours = TimeSpan.FromHours(6);

    static Task Look(TestInstallation node) => node.Services.GetServices<IRecurring>().OfType<PendingChecks>().Single()
        .Run(CancellationToken.None);

    /// <summary>Time passes as it does where somebody is up: every look happens when it is due.</summary>
    async Task Live(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Hours)
        {
            Here.Clock.Pass(Hours);
            await Look(Here);
        }
        await Here.Quiet();
    }

    /// <summary>The scheduler's own clock knows nothing of ours, so jobs that begin after a leap are walked by hand.</summary>
    async Task RunJobs()
    {
        foreach (var (job, no) in await Here.Rows<(Guid, int)>(
            "select r.job_id, r.no from kernel.job_range r join kernel.job j on j.id = r.job_id where not r.finished and j.state < 2"))
            await Here.Services.GetRequiredService<JobWorker>().Run(job, no, CancellationToken.None);
    }

    async Task<DomainView> View(OrganizationId org, DomainId domain) => await Here.Grant(new ReadDomain(org, domain));

    async Task Unpublish(string name)
    {
        foreach (var record in await Here.Send(new ReadDemoZone()))
            if (record.Name.EndsWith(name, StringComparison.Ordinal)) await Here.Grant(new RemoveDemoRecord(record.Id));
    }

    async Task Publish(DomainView view) => await Here.Grant(new AddDemoRecord(view.DnsName, "TXT", view.DnsValue));

    async Task<string[]> MailsTo(string admin) =>
        [.. await Here.Rows<string>(
            "select template from kernel.mail where recipient = @admin and template like 'domain-%' order by created_at, id",
            new { admin })];

    Task<long> Facts(string name) => Here.Scalar<long>("select count(*) from kernel.audit_entry where action = @name", new { name });

    [Fact]
    public async Task A_missing_token_is_told_three_times_and_after_14_days_the_domain_and_its_accounts_are_given_up()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        foreach (var admin in (string[])["ada@acme.test", "bea@acme.test"]) await Here.Admin(acme, admin);
        await Here.Seed("acme.example", 30);
        var draft = await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console));
        await Here.Grant(new ConfirmBulk(acme, draft, null, null, false, false, null, TestInstallation.Console));
        await Here.Until(async () => await Managed(acme) == 30);

        await Live(2 * Day);
        (await View(acme, domain)).State.ShouldBe(DomainState.Verified);
        (await MailsTo("ada@acme.test")).ShouldBeEmpty();
        (await Facts("DomainChecked")).ShouldBe(0, "each look saw what the one before saw");
        await Unpublish("acme.example");
        await Live(Day);
        var missing = await View(acme, domain);
        (missing.State, missing.Deadline).ShouldBe((DomainState.MissingToken, missing.MissingSince + 14 * Day));
        (await MailsTo("ada@acme.test")).ShouldBe(["domain-token-missing"]);
        (await Managed(acme)).ShouldBe(30);

        await Live(30 * Day);
        var lapsed = await View(acme, domain);
        (lapsed.State, lapsed.Deadline, lapsed.NextCheckAt).ShouldBe((DomainState.Unverified, null, null));
        foreach (var admin in (string[])["ada@acme.test", "bea@acme.test"])
            (await MailsTo(admin)).ShouldBe(["domain-token-missing", "domain-deadline-near", "domain-deadline-near", "domain-lost"]);
        var told = await Here.Rows<double>("""
            select extract(epoch from at - @since) / 86400 from kernel.audit_entry where subject_id = @id
              and action in ('DomainTokenMissing', 'DomainDeadlineNear', 'DomainLapsed') order by at
            """, new { id = domain.Value, since = missing.MissingSince!.Value.UtcDateTime });
        told.Count.ShouldBe(4);
        foreach (var (day, planned) in told.Zip((double[])[0, 7, 13, 14]))
            day.ShouldBeInRange(planned - 0.01, planned + 0.27, "within one step of the planned day");
        (await Here.Rows<string>(
            "select letter->>'left' from kernel.mail where recipient = 'ada@acme.test' and template = 'domain-deadline-near' "
            + "order by created_at")).ShouldBe(["7 days", "1 day"]);
        (lapsed.LapsedAt!.Value - missing.MissingSince.Value).ShouldBeInRange(14 * Day, 14 * Day + Hours);
        await RunJobs();
        (await Managed(acme)).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from accounts.account where excluded_by is not null")).ShouldBe(0, "nobody chose it");

        // Verified and claimed again at any time.
        await Publish(lapsed);
        (await Here.Grant(new VerifyDomain(acme, domain, ProofMethod.Dns, TestInstallation.Console))).State.ShouldBe(DomainState.Verified);
        (await Here.Grant(new ReviewBulk(acme, await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console)),
            default))).WillChange
            .ShouldBe(30);
    }

    [Fact, Trait("Rule", "D8"), Trait("Rule", "L1")]
    public async Task A_look_by_schedule_is_in_the_log_when_it_found_something_else_and_an_admins_always()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.Grant(new AddDomain(acme, "acme.example", TestInstallation.Console));
        await Live(Day);
        (await Here.Scalar<long>("select version from domains.domain where id = @id", new { id = domain.Value }))
            .ShouldBeGreaterThan(3, "it was looked at again and again");
        (await Facts("DomainChecked")).ShouldBe(1);
        for (var i = 0; i < 2; i++) await Here.Grant(new VerifyDomain(acme, domain, ProofMethod.Dns, TestInstallation.Console));
        (await Facts("DomainChecked")).ShouldBe(3);
        (await Here.Rows<string>("select distinct after->>'check' from kernel.audit_entry where action = 'DomainChecked'"))
            .ShouldBe([(await View(acme, domain)).LastCheck!.Verdict]);
        var saw = (await View(acme, domain)).LastCheck!.Verdict;
        await Here.Grant(new AddDemoRecord((await View(acme, domain)).DnsName, "TXT", "something else"));
        await Live(Day);
        (await View(acme, domain)).LastCheck!.Verdict.ShouldNotBe(saw);
        (await Facts("DomainChecked")).ShouldBe(3, "the log says the same of it: the token is not found");
    }

    Task<long> Managed(OrganizationId org) =>
        Here.Scalar<long>("select count(*) from accounts.account where managed_by = @id", new { id = org.Value });

    [Fact, Trait("Rule", "D10")]
    public async Task A_lost_token_is_found_out_and_ends_in_time_however_often_an_admin_looks_the_other_way()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Unpublish("acme.example");
        var states = new List<DomainState>();
        for (var day = 0; day < 17; day++)
        {
            Here.Clock.Pass(Day - Hours / 6);
            // Before the domain's own look of the day.
            var seen = await Here.Grant(new VerifyDomain(acme, domain, ProofMethod.Https, TestInstallation.Console));
            states.Add(seen.State);
            seen.LastCheck!.Method.ShouldBe(ProofMethod.Dns, "what it hangs on is what is told");
            Here.Clock.Pass(Hours / 6);
            await Look(Here);
            await Here.Quiet();
            if ((await View(acme, domain)).State is DomainState.Unverified) break;
        }
        states[0].ShouldBe(DomainState.MissingToken);
        (await View(acme, domain)).State.ShouldBe(DomainState.Unverified);
        states.Count.ShouldBeInRange(14, 16);
    }

    [Fact]
    public async Task A_token_that_is_back_on_day_13_keeps_the_domain_quietly_and_the_clock_begins_anew()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Admin(acme, "ada@acme.test");
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        await Unpublish("acme.example");
        await Live(13.5 * Day);
        (await View(acme, domain)).State.ShouldBe(DomainState.MissingToken);
        var told = await MailsTo("ada@acme.test");
        await Publish(await View(acme, domain));
        await Live(Day);
        var back = await View(acme, domain);
        (back.State, back.MissingSince, back.Deadline).ShouldBe((DomainState.Verified, null, null));
        await Live(20 * Day);
        (await MailsTo("ada@acme.test")).ShouldBe(told);
        (await Here.Grant(new ReadAccount(liam))).ManagedBy.ShouldBe(acme);
        await Unpublish("acme.example");
        await Live(2 * Day);
        var again = await View(acme, domain);
        (again.State, again.Deadline!.Value - Here.Clock.GetUtcNow() > 12 * Day).ShouldBe((DomainState.MissingToken, true));
        (await MailsTo("ada@acme.test")).ShouldBe([.. told, "domain-token-missing"]);
    }

    [Fact]
    public async Task A_record_that_goes_while_the_file_is_there_takes_nothing_away()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Admin(acme, "ada@acme.test");
        var view = await View(acme, domain);
        await Unpublish("acme.example");
        await Here.Grant(new AddDemoRecord(view.HttpsAddress, "HTTPS", view.DnsValue));
        await Live(2 * Day);
        var kept = await View(acme, domain);
        (kept.State, kept.LastCheck!.Method).ShouldBe((DomainState.Verified, ProofMethod.Https));
        (await MailsTo("ada@acme.test")).ShouldBeEmpty();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_platform_that_was_down_over_the_deadline_makes_it_good_once(bool tokenIsBack)
    {
        await using var node = Here.AnotherNode();
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Admin(acme, "ada@acme.test");
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        await Unpublish("acme.example");
        Here.Clock.Pass(Day);
        await Look(Here);
        Here.Clock.Pass(30 * Day);
        if (tokenIsBack) await Publish(await View(acme, domain));
        await Task.WhenAll(Look(Here), Look(node), Look(node));
        await Here.Quiet();
        (await View(acme, domain)).State.ShouldBe(tokenIsBack ? DomainState.Verified : DomainState.Unverified);
        (await MailsTo("ada@acme.test")).ShouldBe(tokenIsBack ? ["domain-token-missing"] : ["domain-token-missing", "domain-lost"]);
        (await Facts("DomainLapsed"), await Facts("DomainDeadlineNear")).ShouldBe((tokenIsBack ? 0 : 1, 0));
        await RunJobs();
        (await Here.Grant(new ReadAccount(liam))).ManagedBy.ShouldBe(tokenIsBack ? acme : null);
        (await Here.Scalar<long>("select count(*) from kernel.job")).ShouldBe(tokenIsBack ? 0 : 1);
    }

    [Fact, Trait("Rule", "D10")]
    public async Task A_proof_that_waits_takes_over_when_the_owner_lapses()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var a = await Here.VerifiedDomain(acme, "acme.example");
        await Unpublish("acme.example");
        var g = await Here.PublishedDomain(globex, "acme.example");
        (await Here.Grant(new VerifyDomain(globex, g, ProofMethod.Dns, TestInstallation.Console))).ProvedWhileOwnedElsewhere.ShouldBeTrue();
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        await Live(14 * Day);
        (await View(acme, a)).State.ShouldBe(DomainState.MissingToken);
        (await View(globex, g)).State.ShouldBe(DomainState.Unverified);
        await Live(Day + Hours);
        await Here.Until(async () => (await View(globex, g)).State is DomainState.Verified);
        await RunJobs();
        (await Here.Grant(new ReadAccount(liam))).ManagedBy.ShouldBeNull();
        await Here.Until(async () =>
            await Here.Scalar<int>("select state from domains.domain where id = @id", new { id = a.Value }) == (int)DomainState.Superseded);
    }

    [Fact]
    public async Task Many_domains_that_are_due_at_once_are_each_looked_at_once_by_two_nodes_and_then_spread_over_the_day()
    {
        var many = Support.Proof.Size(400, 1_000);
        await using var node = Here.AnotherNode();
        var acme = await Here.Organization("acme");
        await Here.Admin(acme, "ada@acme.test");
        await Here.Scalar<int>("""
            insert into domains.domain (id, version, organization_id, name, state, token, method, added_at, verified_at, next_check_at)
            select gen_random_uuid(), 1, @acme, 'd' || n || '.example', 1, 'token' || n, 0, @now, @now, @now + interval '1 day'
              from generate_series(1, @many) n;
            insert into domains.demo_record (id, name, type, value)
            select gen_random_uuid(), '_directory-challenge.d' || n || '.example', 'TXT', 'directory-domain-verification=token' || n
              from generate_series(2, @many, 2) n;
            """, new { acme = acme.Value, now = Here.Clock.GetUtcNow().UtcDateTime, many });
        await Task.WhenAll(Look(Here), Look(node));
        (await Here.Scalar<long>("select count(*) from domains.domain where version = 1")).ShouldBe(many, "nothing is due yet");
        Here.Clock.Pass(Day);
        await Task.WhenAll(Look(Here), Look(node));
        var looks = await Here.Rows<(int Version, int State, DateTime Next)>(
            "select version::int, state::int, next_check_at from domains.domain");
        looks.ShouldAllBe(l => l.Version == 2);
        looks.Count(l => l.State == (int)DomainState.MissingToken).ShouldBe(many / 2);
        var now = Here.Clock.GetUtcNow().UtcDateTime;
        looks.ShouldAllBe(l => l.Next > now && l.Next <= now + Day);
        looks.GroupBy(l => (int)((l.Next - now).TotalHours)).Max(hour => hour.Count())
            .ShouldBeLessThan(many / 10, "no hour has more than a tenth");
        (await Facts("DomainTokenMissing"), await Facts("DomainChecked")).ShouldBe((many / 2, many / 2));
        await Here.Quiet();
        (await MailsTo("ada@acme.test")).Length.ShouldBe(many / 2);
    }
}

/// <summary>What counts as missing, without a database.</summary>
[Trait("Rule", "D9")]
public sealed class WhatCountsAsMissing
{
    static readonly DateTimeOffset Added = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly OrganizationId Ours = new(Guid.CreateVersion7());

    static Evidence See(string verdict, DateTimeOffset at, ProofMethod method = ProofMethod.Dns) =>
        new(method, verdict == Verdicts.Proved, verdict, "", [], at);

    static Domain Verified()
    {
        var added = Domain.After(null, new DomainAdded(new(Guid.CreateVersion7()), Added, Ours, "acme.example", "token"));
        return Domain.After(added, added.Check(1, See(Verdicts.Proved, Added), false, null, Added).Value);
    }

    static (Domain Domain, string Fact) Look(Domain domain, string verdict, DateTimeOffset at, ProofMethod method = ProofMethod.Dns)
    {
        var fact = domain.Check(domain.Version, See(verdict, at, method), true, null, at).Value;
        return (Domain.After(domain, fact), fact.GetType().Name);
    }

    [Theory]
    [InlineData(Verdicts.Timeout), InlineData(Verdicts.ServerFailed), InlineData(Verdicts.ResolversDisagree),
        InlineData(Verdicts.CannotConnect), InlineData(Verdicts.BadCertificate)]
    public void Silence_is_asked_again_after_an_hour_and_counts_after_three_days(string silence)
    {
        var (domain, at, looks) = (Verified(), Added.AddDays(1), 0);
        for (; at < Added.AddDays(4); looks++)
        {
            var (after, fact) = Look(domain, silence, at);
            (fact, after.State, after.NextCheckAt).ShouldBe(("DomainChecked", DomainState.Verified, at.AddHours(1)));
            (domain, at) = (after, after.NextCheckAt!.Value);
        }
        looks.ShouldBe(72);
        var (missing, last) = Look(domain, silence, at);
        (last, missing.MissingSince).ShouldBe(("DomainTokenMissing", at));
        // And it goes on to the end, unless somebody answers.
        for (; missing.State is DomainState.MissingToken && at < Added.AddDays(40); at = missing.NextCheckAt ?? at)
            (missing, last) = Look(missing, silence, at);
        (last, missing.GaveUpAt).ShouldBe(("DomainLapsed", Added.AddDays(18)));
    }

    [Fact]
    public void One_answer_ends_the_silence()
    {
        var (domain, _) = Look(Verified(), Verdicts.Timeout, Added.AddDays(1));
        (domain, _) = Look(domain, Verdicts.Proved, Added.AddDays(2));
        (domain, _) = Look(domain, Verdicts.Timeout, Added.AddDays(3));
        Look(domain, Verdicts.Timeout, Added.AddDays(5)).Fact.ShouldBe("DomainChecked");
    }

    [Fact]
    public void A_silent_look_at_the_deadline_loses_nothing_and_the_next_answer_decides()
    {
        var (missing, _) = Look(Verified(), Verdicts.NoRecord, Added.AddDays(1));
        var (silent, fact) = Look(missing, Verdicts.Timeout, Added.AddDays(15));
        (fact, silent.State, silent.NextCheckAt).ShouldBe(("DomainChecked", DomainState.MissingToken, Added.AddDays(15).AddHours(1)));
        Look(silent, Verdicts.Proved, Added.AddDays(15).AddHours(1)).Fact.ShouldBe("DomainTokenFound");
        Look(silent, Verdicts.NoRecord, Added.AddDays(15).AddHours(1)).Fact.ShouldBe("DomainLapsed");
    }

    [Fact]
    public void Looking_where_the_token_never_was_takes_nothing_away_and_finding_it_there_moves_the_daily_look()
    {
        var (looked, fact) = Look(Verified(), Verdicts.NotContained, Added.AddDays(1), ProofMethod.Https);
        (fact, looked.State, looked.Method).ShouldBe(("DomainChecked", DomainState.Verified, ProofMethod.Dns));
        var (moved, _) = Look(looked, Verdicts.Proved, Added.AddDays(2), ProofMethod.Https);
        moved.Method.ShouldBe(ProofMethod.Https);
        Look(moved, Verdicts.NotContained, Added.AddDays(3), ProofMethod.Https).Fact.ShouldBe("DomainTokenMissing");
    }

    [Fact]
    public void The_next_look_waits_past_no_warning_and_not_past_the_deadline()
    {
        for (var i = 0; i < 200; i++)
        {
            var (domain, _) = Look(Verified(), Verdicts.NoRecord, Added.AddDays(1));
            var facts = new List<(string, TimeSpan)>();
            while (domain.NextCheckAt is { } at)
            {
                (domain, var fact) = Look(domain, Verdicts.NoRecord, at);
                if (fact != "DomainChecked") facts.Add((fact, at - Added.AddDays(1)));
            }
            facts.ShouldBe([("DomainDeadlineNear", TimeSpan.FromDays(7)), ("DomainDeadlineNear", TimeSpan.FromDays(13)),
                ("DomainLapsed", TimeSpan.FromDays(14))]);
        }
    }
}
