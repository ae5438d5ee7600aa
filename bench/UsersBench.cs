using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>A page of one site's users, from anywhere in the list, against the bare keyset query that any such page needs; with ten
/// thousand groups, one of which holds half of the users.</summary>
static class UsersBench
{
    static readonly OrganizationId Organization = new(new Guid("01900000-0000-7000-8000-00000000beef"));
    static readonly SiteId Site = new(new Guid("01900000-0000-7000-8000-00000000cafe"));
    static readonly GroupId Large = new(new Guid("01910000-0000-7000-8000-000000000001"));
    const int Size = 50;

    public static async Task Run(int users, int groups, int pages)
    {
        await using var server = await BenchServer.Start();
        var database = await server.Fresh("users");
        await BenchServer.Run(database, $"""
            insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at,
              created_at)
            select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'person' || n || '@bench.example', 'bench.example',
              initcap(substr(md5(n::text), 1, 6) || ' ' || substr(md5('x' || n), 1, 8)),
              substr(md5(n::text), 1, 6) || ' ' || substr(md5('x' || n), 1, 8), 1, true,
              case when n % 3 > 0 then '{Organization}'::uuid end, now(), now() from generate_series(1, {users}) n;
            insert into accounts.search select id, name_key || ' ' || email from accounts.account;
            insert into sites.organization (id, slug, name, created_at) values ('{Organization}', 'bench', 'Bench', now());
            insert into sites.app values ('jira', 'Jira'), ('confluence', 'Confluence'), ('bitbucket', 'Bitbucket'), ('trello', 'Trello');
            insert into sites.site values ('{Site}', '{Organization}', 'Bench', 'https://bench.example', now(), 'bench');
            insert into sites.site_app select '{Site}', id, now() from sites.app;
            insert into sites.person select id, name_key, email from accounts.account;
            insert into sites.site_member (site_id, account_id, status, added_at) select '{Site}', id, case when row_number() over () % 20
              = 0 then 3 else 1 end, now() from accounts.account;
            insert into sites.app_grant select '{Site}', case when row_number() over () % 2 = 0 then 'jira' else 'confluence' end, id, 1
              from accounts.account;
            insert into sites.grp (id, organization_id, name, name_key, created_at)
              select ('01910000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '{Organization}', 'group ' || n, 'group ' || n,
                now() from generate_series(1, {groups}) n;
            insert into sites.group_member select '{Large}', id, now() from accounts.account order by id limit {users / 2};
            insert into sites.group_member select distinct ('01910000-0000-7000-8000-' || lpad(to_hex(2 + n * 7919 % {groups - 1}), 12,
              '0'))::uuid, ('01900000-0000-7000-8000-' || lpad(to_hex(1 + n % {users}), 12, '0'))::uuid, now()
              from generate_series(1, {users * 3}::bigint) n;
            insert into sites.group_app_grant select id, '{Site}', 'bitbucket', 1 from sites.grp order by id limit 100;
            select sites.relist('{Organization}', array(select id from accounts.account));
            """);
        await BenchServer.Run(database, "vacuum analyze");
        using var host = await BenchServer.Serve(database);
        var mediator = host.Services.GetRequiredService<IMediator>();
        await using var source = NpgsqlDataSource.Create(database + ";Max Auto Prepare=20;Auto Prepare Min Usages=2");
        await Measure(mediator, source, pages / 10);
        var (ours, bare) = await Measure(mediator, source, pages);
        Figures.Row($"{users:N0} users, {groups:N0} groups, page of {Size}", ("ms p50", Figures.Median(ours)),
            ("ms p95", Figures.Percentile(ours, 0.95)));
        Figures.Row("the bare query of its rows and apps", ("ms p50", Figures.Median(bare)), ("ms p95", Figures.Percentile(bare, 0.95)));
        await Show(mediator, $"members of the group of {users / 2:N0}, anywhere",
            () => new(new(Organization), new(Group: Large), Cursor: At("users", Hex(Random.Shared))), 200);
        await Show(mediator, "who uses an app",
            () => new(new(Organization, Site), new(App: "bitbucket"), Cursor: At("users", Hex(Random.Shared))), 200);
        await Show(mediator, "suspended, by email",
            () => new(new(Organization, Site), new(Status: UserStatus.Suspended), ListSort.Email), 100);
        await Show(mediator, "search, rare", () => new(new(Organization, Site), new(Search: Hex(Random.Shared))), 200);
        await Show(mediator, "search, common", () => new(new(Organization, Site), new(Search: "person")), 200);
        Figures.Row("counters, computed",
            ("ms", await Figures.Seconds(() => mediator.Send(new CountUsers(new(Organization, Site)))) * 1000));
        Figures.Row("a page of groups",
            ("ms", await Figures.Seconds(() => mediator.Send(new ListGroups(Organization, null, At("groups", "group 5")))) * 1000));
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
                if ((await mediator.Send(new ListUsers(new(Organization, Site), Cursor: At("users", key),
                    Size: Size))).Value.Rows.Count == 0) throw new InvalidOperationException("An empty page measures nothing.");
            }));
            bare.Add(1000 * await Figures.Seconds(async () =>
            {
                // What the page shows and no more: the rows of the list, their accounts, and what opens for them.
                await using var command = source.CreateCommand($"""
                    select l.id, a.name, a.email, a.state, a.managed_by, l.status, l.last_active_at, l.added_at, array(
                        select g.app_id from sites.app_grant g where g.site_id = l.scope_id and g.account_id = l.account_id
                        union select x.app_id from sites.group_member gm join sites.group_app_grant x on x.group_id = gm.group_id
                          where gm.account_id = l.account_id and x.site_id = l.scope_id)
                    from sites.listed l join accounts.account a on a.id = l.account_id where l.scope_id = $1
                      and (l.name_key, l.id) > ($2, $3) order by l.name_key, l.id limit {Size + 1}
                    """);
                foreach (var value in (object[])[Site.Value, bareKey, Guid.Empty]) command.Parameters.Add(new() { Value = value });
                await using var rows = await command.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                    _ = (rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.GetInt16(3), rows.GetInt16(5), rows.GetDateTime(6),
                        rows.GetDateTime(7), rows.GetFieldValue<string[]>(8));
            }));
        }
        return (ours, bare);
    }

    static async Task Show(IMediator mediator, string what, Func<ListUsers> query, int times)
    {
        var taken = new List<double>();
        for (var i = 0; i < times; i++) taken.Add(1000 * await Figures.Seconds(() => mediator.Send(query())));
        Figures.Row(what, ("ms p50", Figures.Median(taken)), ("ms p95", Figures.Percentile(taken, 0.95)));
    }

    static string Hex(Random random) => random.Next(1 << 24).ToString("x6");

    static string At(string list, string key) => new KeysetCursor(list, ListSort.Name, false, [key], Guid.Empty, false).ToString();
}
