using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Reporting.Internal.ManagedAccounts;
using DirectoryPlatform.Tests.Reporting;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>The engine of all lists, driven by one description: whatever is asked of it, walking the pages meets each row once.</summary>
[Trait("Rule", "M1")]
public sealed class KeysetListTests : OnInstallation
{
    static readonly int Accounts = Proof.Size(24, 120);
    static readonly int[] PageSizes = [1, 7, 1_000];

    /// <summary>All that a list needs.</summary>
    static readonly KeysetList<Guid> Described = new()
    {
        Name = "toy",
        Columns = "a.id",
        Row = r => r.GetGuid(0),
        Orders = PeopleOrders.All,
    };

    NpgsqlDataSource Database => Here.Services.GetRequiredService<NpgsqlDataSource>();

    Task<Outcome<ListPage<Guid>>> Page(PageAsked asked, string where = "true") => Described.Page(Database, asked,
        _ => Task.FromResult(new ListRows("accounts.v_listed a", $"a.managed_by is not null and {where}")), CancellationToken.None);

    /// <summary>One value for each filter of the description: a filter without one fails the test.</summary>
    static ManagedAccountFilter Set(string filter, DateTimeOffset now) => filter switch
    {
        "status" => new(State: AccountState.Active),
        "states" => new() { States = [AccountState.Unverified, AccountState.Deactivated] },
        "domain" => new(Domain: "second.example"),
        "verified" => new(EmailVerified: true),
        "from" => new(AddedFrom: DateOnly.FromDateTime(now.UtcDateTime.AddDays(-60))),
        "to" => new(AddedTo: DateOnly.FromDateTime(now.UtcDateTime.AddDays(-60))),
        "active" => new(LastActive: LastActive.Never),
        "q" => new("an"),
        _ => throw new InvalidOperationException($"Say what {filter} is set to here."),
    };

    [Fact]
    public async Task Every_order_direction_size_and_filter_shows_each_row_once_forwards_and_backwards_while_rows_come()
    {
        var (org, random, walks, come) = (await Here.Organization("acme"), new Random(1), 0, 0);
        await ListedPerson.Write(Here, org, await Here.Organization("globex"), random, Accounts);
        foreach (var filter in ManagedAccountFilter.Filters.Select(f => Set(f.Name, Here.Clock.GetUtcNow()))
            .Prepend(ManagedAccountFilter.Everybody))
            foreach (var sort in PeopleOrders.All.Select(o => o.Sort))
                foreach (var descending in (bool[])[false, true])
                {
                    var (there, _) = await Walk(null, p => p.Next, 1_000, backwards: false);
                    there.Count.ShouldBeGreaterThan(0, $"{filter}");
                    foreach (var size in PageSizes)
                    {
                        var what = $"{filter} by {sort}, descending: {descending}, {size} a page";
                        var (forwards, last) = await Walk(null, p => p.Next, size, backwards: false);
                        forwards.Where(there.Contains).ShouldBe(there, what);
                        forwards.ShouldBeUnique(what);
                        if (last.Previous is not { } back) continue;
                        var (before, first) = await Walk(back, p => p.Previous, size, backwards: true);
                        before.Concat(last.Rows).Where(there.Contains).ShouldBe(there, what);
                        first.Previous.ShouldBeNull(what);
                    }
                    walks++;
                    await Here.Scalar<int?>("delete from accounts.account where name = 'Come'");

                    async Task<(List<Guid>, ListPage<Guid>)> Walk(string? cursor, Func<ListPage<Guid>, string?> on, int size,
                        bool backwards)
                    {
                        for (var (ids, pages) = (new List<Guid>(), 0); ; pages++)
                        {
                            pages.ShouldBeLessThan(2 * Accounts, "the walk does not end");
                            if (pages == 2) await Come(org, random, come++);
                            var page = await Described.Page(Database, new(sort, descending, cursor, size), values => Task.FromResult(
                                new ListRows("accounts.v_listed a", filter.Where(org, Here.Clock.GetUtcNow(), values))),
                                CancellationToken.None);
                            ids.InsertRange(backwards ? 0 : ids.Count, page.Value.Rows);
                            if (on(page.Value) is not { } next) return (ids, page.Value);
                            cursor = next;
                        }
                    }
                }
        walks.ShouldBe((ManagedAccountFilter.Filters.Count + 1) * PeopleOrders.All.Count * 2);
        come.ShouldBeGreaterThan(walks);
    }

    /// <summary>Somebody who may belong before, onto or behind the page that is read next.</summary>
    Task Come(OrganizationId org, Random random, int number) => Here.Scalar<int?>("""
        insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at, created_at,
          last_active_at) values (gen_random_uuid(), 1, @email, 'second.example', 'Come', 'come', @state, true, @org, @at, @at, '-infinity')
        """, new
    {
        email = $"{(char)('a' + random.Next(26))}an{number}@second.example",
        state = (short)random.Next(4),
        org = org.Value,
        at = Here.Clock.GetUtcNow().UtcDateTime.AddDays(-random.Next(200)),
    });

    [Fact, Trait("Rule", "P6")]
    public async Task A_cursor_that_this_list_has_not_given_in_this_order_is_refused()
    {
        var org = await Here.Organization("acme");
        foreach (var name in (string[])["ann", "ben", "cem"]) await Here.Account($"{name}@acme.example", name, managedBy: org);
        foreach (var sort in PeopleOrders.All.Select(o => o.Sort))
        {
            var asked = new PageAsked(sort, false, null, 1);
            var next = (await Page(asked)).Value.Next;
            (await Page(asked with { Cursor = next })).Granted.ShouldBeTrue();
            string[] broken =
            [
                "x", "!!!", "eyJzb3J0IjoibmFtZSJ9", "null", "bnVsbA", next![..^2], next + "AAAA", new string('a', 100_000),
                .. ((string[][])[[], ["a", "b", "c"], ["\0"], ["1", "\0"],
                    .. sort is ListSort.Name or ListSort.Email
                        ? (string[][])[]
                        : [["99999999999999999999"], ["-1"], ["a"], ["-1", "a"], ["40000", "a"]]])
                    .Select(keys => new KeysetCursor("toy", sort, false, keys, Guid.Empty, false).ToString()),
                new KeysetCursor("other", sort, false, ["1"], Guid.Empty, false).ToString(),
                new KeysetCursor("toy", sort, true, ["1"], Guid.Empty, false).ToString(),
                new KeysetCursor("toy", (ListSort)(((int)sort + 1) % 5), false, ["1"], Guid.Empty, false).ToString(),
            ];
            foreach (var cursor in broken)
                (await Page(asked with { Cursor = cursor })).Refusal.ShouldBeOfType<BrokenCursor>($"{sort}: {cursor}");
        }
    }

    [Fact]
    public async Task A_place_at_the_ends_of_time_is_a_place()
    {
        foreach (var ticks in (string[])["0", "1", $"{DateTime.MaxValue.Ticks}"])
        {
            var cursor = new KeysetCursor("toy", ListSort.Added, false, [ticks], Guid.Empty, false);
            (await Page(new(ListSort.Added, false, $"{cursor}", 1))).Granted.ShouldBeTrue(ticks);
        }
    }
}
