using System.Diagnostics;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>A page of the Managed accounts list with every filter on, from anywhere in it,
/// against the bare keyset query that any such page needs.</summary>
static class ListBench
{
    static readonly OrganizationId Organization = new(new Guid("01900000-0000-7000-8000-00000000beef"));
    const int Size = 50;

    /// <summary>A seventh of all accounts, so that a page is some 350 rows of the order by name.</summary>
    static readonly ManagedAccountFilter AllFilters = new(
        "person", AccountState.Active, "bench.example", LastActive.Within30Days, DateOnly.FromDateTime(DateTime.UtcNow.AddDays(-400)),
            DateOnly.FromDateTime(DateTime.UtcNow), true);

    public static async Task Run(int accounts, int pages)
    {
        await using var server = await BenchServer.Start();
        var database = await server.Fresh("list");
        // Names by a hash, so that name order is not id order; a twentieth is deactivated; two domains; claimed over two years; a fifth
        // never active, the others within 150 days.
        await BenchServer.Run(database, $"""
            insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at,
              created_at, last_active_at)
            select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'person' || n || '@' || d, d,
              initcap(substr(md5(n::text), 1, 6) || ' ' || substr(md5('x' || n), 1, 8)),
              substr(md5(n::text), 1, 6) || ' ' || substr(md5('x' || n), 1, 8),
              case when n % 20 = 0 then 2 else 1 end, n % 50 <> 7, '{Organization}',
              now() - (n::bigint * 7919 % 730) * interval '1 day', now() - interval '2 years', case when n % 5 = 1 then '-infinity' else
                now() - (n::bigint * 104729 % 3600) * interval '1 hour' end
            from generate_series(1, {accounts}) n, lateral (select case when n % 4 = 0 then 'second.example' else 'bench.example' end as d)
              x
            """);
        await BenchServer.Run(database, "insert into accounts.search select id, name_key || ' ' || email from accounts.account");
        await BenchServer.Run(database, "vacuum analyze");
        using var host = await BenchServer.Serve(database);
        var mediator = host.Services.GetRequiredService<IMediator>();
        await using var source = NpgsqlDataSource.Create(database + ";Max Auto Prepare=20;Auto Prepare Min Usages=2");
        await Measure(mediator, source, pages / 10);
        var (ours, bare) = await Measure(mediator, source, pages);
        Figures.Row($"{accounts:N0} accounts, page of {Size}, all filters", ("ms p50", Figures.Median(ours)),
            ("ms p95", Figures.Percentile(ours, 0.95)));
        Figures.Row("the bare keyset query", ("ms p50", Figures.Median(bare)), ("ms p95", Figures.Percentile(bare, 0.95)));
        await Show(mediator, "search, rare (a whole name)", () => new(Organization, new(Search: Hex(new Random()) + " ")), 200);
        await Show(mediator, "search, common (\"person\")", () => new(Organization, new(Search: "person")), 200);
        await Show(mediator, "sorted by email, anywhere",
            () => new(Organization, Sort: ListSort.Email,
                Cursor: At(ListSort.Email, $"person{Random.Shared.Next(accounts)}")), 500);
        await Show(mediator, "sorted by last active, first page",
            () => new(Organization, Sort: ListSort.LastActive, Descending: true), 200);
        await Show(mediator, "sorted by status, first page", () => new(Organization, Sort: ListSort.Status), 200);
        await Show(mediator, "filters that nobody matches",
            () => new(Organization, new(State: AccountState.PendingDeletion, LastActive: LastActive.Never)), 50);
        await Show(mediator, "active today only, by name",
            () => new(Organization, new(AddedFrom: DateOnly.FromDateTime(DateTime.UtcNow), LastActive: LastActive.Within7Days)), 50);
        Figures.Row("growth, computed", ("ms", await Figures.Seconds(() => mediator.Send(new ReadGrowth(Organization))) * 1000));
        Figures.Row("counters, computed",
            ("ms", await Figures.Seconds(() => mediator.Send(new CountManagedAccounts(Organization))) * 1000));
        await host.StopAsync();
        Figures.Ratio(Figures.InParts(ours, bare));
    }

    static async Task<(List<double> Ours, List<double> Bare)> Measure(IMediator mediator, NpgsqlDataSource source, int pages)
    {
        var (random, ours, bare) = (new Random(1), new List<double>(), new List<double>());
        for (var i = 0; i < pages; i++)
        {
            // A place of its own for each: the second to read a place would find its pages in memory.
            var (key, bareKey) = (Hex(random), Hex(random));
            ours.Add(1000 * await Figures.Seconds(async () =>
            {
                var page = await mediator.Send(new ListManagedAccounts(
                    Organization, AllFilters, Cursor: At(ListSort.Name, key), Size: Size));
                if (page.Value.Rows.Count == 0) throw new InvalidOperationException("An empty page measures nothing.");
            }));
            bare.Add(1000 * await Figures.Seconds(async () =>
            {
                await using var command = source.CreateCommand($"""
                    select id, name, email, state, last_active_at, claimed_at from accounts.account
                    where managed_by = $1 and state = 1 and domain = 'bench.example' and (name_key like '%person%'
                      or email like '%person%') and email_verified
                      and last_active_at >= $4 and claimed_at >= $5 and claimed_at < $6 and (name_key, id) > ($2, $3) order by name_key, id
                        limit {Size + 1}
                    """);
                foreach (var value in (object[])[Organization.Value, bareKey, Guid.Empty, DateTime.UtcNow.AddDays(-30),
                    DateTime.UtcNow.Date.AddDays(-400), DateTime.UtcNow.Date.AddDays(1)])
                    command.Parameters.Add(new() { Value = value });
                await using var rows = await command.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                    _ = (rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.GetInt16(3), rows.GetDateTime(4), rows.GetDateTime(5));
            }));
        }
        return (ours, bare);
    }

    static async Task Show(IMediator mediator, string what, Func<ListManagedAccounts> query, int times)
    {
        var taken = new List<double>();
        for (var i = 0; i < times; i++) taken.Add(1000 * await Figures.Seconds(() => mediator.Send(query())));
        Figures.Row(what, ("ms p50", Figures.Median(taken)), ("ms p95", Figures.Percentile(taken, 0.95)));
    }

    static string Hex(Random random) => random.Next(1 << 24).ToString("x6");

    static string At(ListSort sort, string key) =>
        new KeysetCursor("managedAccounts", sort, false, [key], Guid.Empty, false).ToString();
}
