using System.Diagnostics;
using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>
/// One organization's admin opens the list of managed accounts, again and again, while another organization has four files sent at a time,
/// lists over the API by sixteen callers, or claims: against the same pages in the quiet just before (decision 0066).
/// </summary>
static class NeighboursBench
{
    const string Password = "correct horse";
    const int Files = 4, Callers = 16, RowsOfFile = 10_000, Neighbours = 5_000;

    /// <summary>So many times as are managed can be claimed: no claim may be over before the pages are read.</summary>
    const int Claimable = 4;
    static readonly OrganizationId Acme = new(new Guid("01900000-0000-7000-8000-00000000beef"));
    static readonly OrganizationId Globex = new(new Guid("01900000-0000-7000-8000-00000000cafe"));
    static readonly Origin Origin = new(null, "bench");

    sealed record Side(WebApplication Site, string Session, string Neighbour, string Key);

    public static async Task Run(int accounts, int seconds, int rounds)
    {
        await using var server = await BenchServer.Start();
        await Seed(server, accounts);
        await using var site = await GateBench.Serve(server.Of("seeded"), unchecked_: false);
        var side = await SignIn(site);
        (string What, Func<Side, CancellationToken, Task> Work)[] kinds =
            [("four files", SendFiles), ("16 callers list", List), ("a claim", Claim)];
        await Read(side, 2);
        foreach (var (_, work) in kinds) await Beside(side, work, 1);
        var taken = kinds.ToDictionary(k => k.What, _ => new List<double>());
        for (var round = 1; round <= rounds; round++)
            foreach (var (what, work) in kinds)
            {
                var quiet = await Read(side, Math.Max(1, seconds / 2));
                var (beside, done) = await Beside(side, work, seconds);
                taken[what].Add(Figures.Median(beside) / Figures.Median(quiet));
                Figures.Row($"round {round}, {what}", ("ms p50", Figures.Median(beside)), ("ms p95", Figures.Percentile(beside, 0.95)),
                    ("quiet p50", Figures.Median(quiet)), ("quiet p95", Figures.Percentile(quiet, 0.95)), ("ratio", taken[what][^1]),
                    ("done a second", done));
            }
        foreach (var (what, each) in taken)
            Figures.Row(what, ("ratio", Figures.Median(each)), ("lowest", each.Min()), ("highest", each.Max()));
        await site.StopAsync();
        Figures.Ratio(taken.Values.MaxBy(Figures.Median)!);
    }

    /// <summary>Of Acme those who fit into one file, the others who are managed, and those who can be claimed; then Globex.</summary>
    static async Task Seed(BenchServer server, int accounts)
    {
        var database = await server.Fresh("seeded");
        using (var host = await BenchServer.Serve(database))
        {
            var mediator = host.Services.GetRequiredService<IMediator>();
            foreach (var (organization, slug, person) in ((OrganizationId, string, string)[])
                [(Acme, "acme", "ada"), (Globex, "globex", "gus")])
            {
                var admin = new AccountId(Guid.CreateVersion7());
                Expect(await mediator.Send(new CreateOrganization(organization, slug, slug, Origin)));
                Expect(await mediator.Send(
                    new SignUpAccount(admin, EmailAddress.Trusted($"{person}@mail.example"), person, true, null, Origin)));
                Expect(await mediator.Send(new GivePassword([admin], Password)));
                Expect(await mediator.Send(new AppointOrganizationAdmin(admin, organization, Origin)));
            }
            var domain = Expect(await mediator.Send(new AddDomain(Acme, "claim.example", Origin)));
            var view = Expect(await mediator.Send(new ReadDomain(Acme, domain)));
            Expect(await mediator.Send(new AddDemoRecord(view.DnsName, "TXT", view.DnsValue)));
            Expect(await mediator.Send(new VerifyDomain(Acme, domain, ProofMethod.Dns, Origin)));
            await host.StopAsync();
        }
        await BenchServer.Run(database, $"""
            insert into accounts.account
              (id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at, created_at, last_active_at)
            select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'person' || n || '@' || x.domain, x.domain,
              initcap(substr(md5(n::text), 1, 6) || ' ' || substr(md5('x' || n), 1, 8)),
              substr(md5(n::text), 1, 6) || ' ' || substr(md5('x' || n), 1, 8), case when n % 20 = 0 then 2 else 1 end, true,
              case x.domain when 'claim.example' then null when 'globex.example' then '{Globex}'::uuid else '{Acme}' end,
              case when x.domain <> 'claim.example' then now() end, now(), now() - (n::bigint * 104729 % 3600) * interval '1 hour'
            from generate_series(1, {((Claimable + 1) * accounts) + Neighbours}) n, lateral (select case
              when n <= {RowsOfFile - 1} then 'file.example' when n <= {accounts} then 'acme.example'
              when n <= {(Claimable + 1) * accounts} then 'claim.example' else 'globex.example' end as domain) x
            """);
        await BenchServer.Run(database, """
            insert into accounts.search select id, name_key || ' ' || email from accounts.account on conflict do nothing
            """);
        await BenchServer.Run(database, "vacuum analyze");
    }

    static async Task<Side> SignIn(WebApplication site)
    {
        var mediator = site.Services.GetRequiredService<IMediator>();
        var neighbour = Expect(await mediator.Send(new SignIn("ada@mail.example", Password, "Firefox", new Origin(null, "web"))));
        var session = Expect(await mediator.Send(new SignIn("gus@mail.example", Password, "Firefox", new Origin(null, "web"))));
        var ada = (await mediator.Send(new AuthenticateSession(neighbour.Token)))!.Account;
        var key = Expect(await mediator.Send(
            new CreateApiKey(Acme, ada, "bench", ["accounts:read"], 1, new Origin(ada.Value, "web"))));
        return new(site, session.Token, neighbour.Token, key.Secret);
    }

    /// <returns>Milliseconds of each page.</returns>
    static async Task<List<double>> Read(Side side, int seconds)
    {
        using var http = Client(side, "Cookie", $"directory-session={side.Session}");
        var (times, watch) = (new List<double>(), Stopwatch.StartNew());
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            var began = watch.Elapsed;
            await Ask(http, $"/o/{Globex}/members", CancellationToken.None);
            times.Add((watch.Elapsed - began).TotalMilliseconds);
        }
        return times;
    }

    /// <returns>The pages, and what the neighbour got done a second meanwhile.</returns>
    static async Task<(List<double> Times, double Done)> Beside(Side side, Func<Side, CancellationToken, Task> work, int seconds)
    {
        using var stop = new CancellationTokenSource();
        _done = 0;
        var neighbour = Task.Run(() => work(side, stop.Token));
        await Task.Delay(200);
        var times = await Read(side, seconds);
        var done = Volatile.Read(ref _done) / (seconds + 0.2);
        await stop.CancelAsync();
        try { await neighbour; }
        catch (OperationCanceledException) { }
        await Rest(side);
        return (times, done);
    }

    /// <summary>What the neighbour left, facts and entries to be sealed, is no part of the next quiet: it is sealed without the rests that
    /// the product takes.</summary>
    static async Task Rest(Side side)
    {
        var sealing = side.Site.Services.GetRequiredService<AuditSealing>();
        await using var command = side.Site.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            select exists (select from kernel.outbox) or exists (select from kernel.audit_entry e, kernel.audit_sealed s
              where (e.xid, e.id) > (s.xid, s.id))
            """);
        for (var tries = 0; tries < 600 && (bool)(await command.ExecuteScalarAsync())!; tries++)
            if (!await sealing.SealSome(CancellationToken.None)) await Task.Delay(50);
    }

    /// <summary>Files, pages of the API, or accounts that were claimed.</summary>
    static long _done;

    static Task SendFiles(Side side, CancellationToken ct) =>
        Many(side, Files, "Cookie", $"directory-session={side.Neighbour}", $"/o/{Acme}/members/accounts.csv?domain=file.example", ct);

    static Task List(Side side, CancellationToken ct) =>
        Many(side, Callers, "Authorization", $"Bearer {side.Key}", $"/admin/v1/orgs/{Acme}/users?limit=100", ct);

    static async Task Many(Side side, int callers, string header, string value, string path, CancellationToken ct)
    {
        using var http = Client(side, header, value);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (!ct.IsCancellationRequested)
            {
                await Ask(http, path, ct);
                Interlocked.Increment(ref _done);
            }
        }));
    }

    /// <summary>As many at a time as there are, and again those that another round has not claimed.</summary>
    static async Task Claim(Side side, CancellationToken ct)
    {
        var mediator = side.Site.Services.GetRequiredService<IMediator>();
        var domain = (await mediator.Send(new ReadDomains(Acme), ct)).Single();
        var draft = Expect(await mediator.Send(new BeginClaim(Acme, domain.Id, null, Origin), ct));
        var job = Expect(await mediator.Send(new ConfirmBulk(Acme, draft, null, null, false, false, "claim.example", Origin), ct));
        while (!ct.IsCancellationRequested)
        {
            var view = Expect(await mediator.Send(new ReadJob(Acme.Value, job), CancellationToken.None));
            if (view.Ended) throw new InvalidOperationException($"The claim was over too early, so there was no neighbour: {view}");
            Volatile.Write(ref _done, view.Done);
            await Task.Delay(100, CancellationToken.None);
        }
        Expect(await mediator.Send(new CancelJob(Acme.Value, job, Origin), CancellationToken.None));
    }

    static HttpClient Client(Side side, string header, string value) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new(side.Site.Urls.First()),
            DefaultRequestHeaders = { { header, value } },
        };

    static async Task Ask(HttpClient http, string path, CancellationToken ct)
    {
        using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);
        if (answer.StatusCode is not HttpStatusCode.OK) throw new InvalidOperationException($"{path} answered {answer.StatusCode}");
        await answer.Content.CopyToAsync(Stream.Null, ct);
    }

    static T Expect<T>(Outcome<T> outcome) where T : notnull =>
        outcome.Granted ? outcome.Value : throw new InvalidOperationException(outcome.Refusal.Sentence);
}
