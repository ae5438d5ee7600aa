using System.Diagnostics;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Bench;

/// <summary>
/// The whole claim job, from the admin's confirmation to the job's end, against one SQL statement that writes the same rows: the accounts,
/// an audit entry each, the result arrays and the facts.
/// </summary>
static class ClaimBench
{
    const string Domain = "bench.example";
    static readonly OrganizationId Organization = new(new Guid("01900000-0000-7000-8000-00000000beef"));
    static readonly Origin Origin = new(null, "bench");

    public static async Task Run(int accounts, int rounds)
    {
        await using var server = await BenchServer.Start();
        var seeding = await Figures.Seconds(() => Seed(server, accounts));
        Figures.Row($"seed {accounts:N0} accounts", ("s", seeding), ("a second", accounts / seeding));
        var (ours, baseline) = (new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            ours.Add(await Job(server, accounts, round));
            baseline.Add(await Statement(server, accounts, round));
        }
        Figures.Row("claim job, median", ("s", Figures.Median(ours)), ("accounts a second", accounts / Figures.Median(ours)));
        Figures.Row("one SQL statement, median", ("s", Figures.Median(baseline)),
            ("accounts a second", accounts / Figures.Median(baseline)));
        Figures.Row("peak memory of this process", ("MB", Process.GetCurrentProcess().PeakWorkingSet64 / 1e6));
        Figures.Ratio(baseline.Zip(ours, (statement, job) => statement / job));
    }

    static async Task Seed(BenchServer server, int accounts)
    {
        using var host = await BenchServer.Serve(await server.Fresh("seeded"));
        var mediator = host.Services.GetRequiredService<IMediator>();
        await mediator.Send(new SeedAccounts(new Population(Domain, 1), accounts, Origin, _ => Task.CompletedTask));
        var domain = (await mediator.Send(new AddDomain(Organization, Domain, Origin))).Value;
        var view = (await mediator.Send(new ReadDomain(Organization, domain))).Value;
        await mediator.Send(new AddDemoRecord(view.DnsName, "TXT", view.DnsValue));
        await mediator.Send(new VerifyDomain(Organization, domain, ProofMethod.Dns, Origin));
        await host.StopAsync();
        await BenchServer.Run(server.Of("seeded"), "vacuum analyze");
    }

    static async Task<double> Job(BenchServer server, int accounts, int round)
    {
        using var host = await BenchServer.Serve(await server.Copy("seeded", "job"));
        var mediator = host.Services.GetRequiredService<IMediator>();
        var domain = (await mediator.Send(new ReadDomains(Organization))).Single();
        var draft = (await mediator.Send(new BeginClaim(Organization, domain.Id, null, Origin))).Value;
        JobView? job = null;
        var seconds = await Figures.Seconds(async () =>
        {
            var id = (await mediator.Send(new ConfirmBulk(Organization, draft, null, null, false, false, Domain, Origin))).Value;
            while (!(job = (await mediator.Send(new ReadJob(Organization.Value, id))).Value).Ended) await Task.Delay(50);
        });
        if (job!.State is not JobState.Done || job.Counts.GetValueOrDefault("claimed") != accounts)
            throw new InvalidOperationException($"The job ended as {job}");
        Figures.Row($"round {round}: claim job", ("s", seconds));
        await host.StopAsync();
        await server.Drop("job");
        return seconds;
    }

    static async Task<double> Statement(BenchServer server, int accounts, int round)
    {
        var database = await server.Copy("seeded", "statement");
        var seconds = await Figures.Seconds(() => BenchServer.Run(database, Sql));
        await BenchServer.Run(database,
            $"do $$ begin if (select count(*) from kernel.audit_entry where action = 'AccountClaimed') <> {accounts} then raise 'the "
            + "statement wrote something else'; end if; end $$");
        Figures.Row($"round {round}: one SQL statement", ("s", seconds));
        await server.Drop("statement");
        return seconds;
    }

    // Ids that ascend, as ours do: random ones would cost the statement more and flatter the job.
    static string Sql => $$"""
        with job as (
          insert into kernel.job (id, kind, organization_id, title, arguments, state, origin, asked_at, total)
          values ('{{Organization.Value}}', 'claim', '{{Organization.Value}}', '', '{}', 4, '{}', now(), 0) returning id),
        claimed as (
          update accounts.account a set version = version + 1, managed_by = '{{Organization.Value}}', claimed_at = now(),
            excluded_by = nullif(array_remove(excluded_by, '{{Organization.Value}}'), '{}')
          where domain = '{{Domain}}' and managed_by is null and state <> 4 returning id),
        numbered as (select id, row_number() over (order by id) as n from claimed),
        audit as (
          insert into kernel.audit_entry (id, at, organization_id, subject_id, action, means, job_id, before, after)
          select ('01a00000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), '{{Organization.Value}}', id, 'AccountClaimed',
            'job', '{{Organization.Value}}',
            '{"managedBy": null}', '{"managedBy": "{{Organization.Value}}"}' from numbered),
        results as (
          insert into kernel.job_result (job_id, range_no, seq, at, size, items, codes)
          select job.id, 1, n / 5000, now(), count(*), array_agg(numbered.id order by n), array_agg('claimed'::text) from numbered, job
            group by job.id, n / 5000),
        facts as (
          insert into kernel.outbox (stream, type, payload, at)
          select job.id, 'AccountsClaimed', jsonb_build_object('by', '{{Organization.Value}}', 'job', job.id, 'accounts',
            jsonb_agg(numbered.id)), now() from numbered, job group by job.id, n / 5000)
        select count(*) from claimed
        """;
}
