using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Reporting;

/// <summary>The list against a list in memory: whatever is filtered and however it is sorted, walking its pages meets each match once, in
/// order, forwards and backwards.</summary>
[Trait("Rule", "M1")]
public sealed class ListManagedAccountsTests : OnInstallation
{
    static readonly int Accounts = Proof.Size(120, 300), Walks = Proof.Size(36, 150);

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Every_filter_in_every_order_shows_each_match_once_forwards_and_backwards(int seed)
    {
        var (random, org) = (new Random(seed), await Here.Organization("acme"));
        var people = await ListedPerson.Write(Here, org, await Here.Organization("globex"), random, Accounts);
        var (met, empty) = (0, 0);
        for (var walk = 0; walk < Walks; walk++)
        {
            var filter = RandomFilter(random, Here.Clock.GetUtcNow());
            var sort = (ListSort)(walk % Enum.GetValues<ListSort>().Length);
            var (descending, size) = (random.Next(2) == 0, random.Next(1, 40));
            var expected = ListedPerson.Sorted(people.Where(p => p.Matches(org, filter, Here.Clock.GetUtcNow())), sort, descending)
                .Select(p => p.Id).ToList();

            var (forwards, last) = await Walk(org, filter, sort, descending, size, null, p => p.Next);
            forwards.ShouldBe(expected, $"seed {seed}, walk {walk}: {filter} by {sort}, descending: {descending}, {size} a page");
            if (last.Previous is { } back)
            {
                var (before, first) = await Walk(org, filter, sort, descending, size, back, p => p.Previous, turned: true);
                before.Concat(last.Rows.Select(r => r.Id.Value)).ShouldBe(expected);
                first.Previous.ShouldBeNull();
            }
            if (expected.Count == 0) empty++;
            else met++;
        }
        met.ShouldBeGreaterThan(Walks / 3);
        empty.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_is_shown_is_what_the_row_says()
    {
        var org = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", "Liam", managedBy: org);
        var never = (await Here.Grant(new ListManagedAccounts(org))).Rows.ShouldHaveSingleItem();
        (never.Name, never.Email, never.State, never.LastActiveAt).ShouldBe(("Liam", "liam@acme.example", AccountState.Active, null));

        var now = Here.Clock.GetUtcNow();
        (await Here.Send(new NoteActivity(liam, now))).ShouldBeTrue();
        (await Here.Send(new NoteActivity(liam, now.AddMinutes(59)))).ShouldBeFalse("once an hour is enough");
        (await Here.Send(new NoteActivity(liam, now.AddMinutes(61)))).ShouldBeTrue();
        (await Here.Grant(new ListManagedAccounts(org))).Rows.Single().LastActiveAt!.Value.ShouldBe(now.AddMinutes(61),
            TimeSpan.FromMilliseconds(1));
        (await Here.Grant(new ReadAccount(liam))).Version.ShouldBe(2, "activity is no part of the account's state");
    }

    [Theory, InlineData(4), InlineData(5)]
    public async Task Overview_counts_activity_as_the_filter_finds_it(int seed)
    {
        Here.Clock.Stand();
        var org = await Here.Organization("acme");
        await ListedPerson.Write(Here, org, await Here.Organization("globex"), new(seed), Accounts);
        var activity = await Here.Send(new ReadActivity(org));
        foreach (var active in Enum.GetValues<LastActive>())
            (await Here.Send(new CountMatchingAccounts(org, new(LastActive: active), Accounts + 1)))
                .ShouldBe(activity.With(active), $"{active}");
        activity.With(LastActive.Within90Days).ShouldBeGreaterThan(0);
        (activity.With(LastActive.Within90Days) + activity.LongerAgo + activity.Never)
            .ShouldBe(await Here.Send(new CountMatchingAccounts(org, ManagedAccountFilter.Everybody, Accounts + 1)));
    }

    async Task<(List<Guid> Ids, ListPage<ManagedAccountRow> Last)> Walk(
        OrganizationId org, ManagedAccountFilter filter, ListSort sort, bool descending, int size, string? cursor,
        Func<ListPage<ManagedAccountRow>, string?> on, bool turned = false)
    {
        var ids = new List<Guid>();
        for (var pages = 0; ; pages++)
        {
            pages.ShouldBeLessThan(Accounts + 2, "the walk does not end");
            var page = await Here.Grant(new ListManagedAccounts(org, filter, sort, descending, cursor, size));
            page.Rows.Count.ShouldBeLessThanOrEqualTo(size);
            ids.InsertRange(turned ? 0 : ids.Count, page.Rows.Select(r => r.Id.Value));
            if (on(page) is not { } next) return (ids, page);
            cursor = next;
        }
    }

    static ManagedAccountFilter RandomFilter(Random random, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return new(
            Maybe(random, 4) ? Pick(random, "a", "an", "ann", "ANN", "%", "_", "\\", "ö", "zzz", "acme", "n 1", " ann ") : null,
            Maybe(random, 4) ? (AccountState)random.Next(4) : null,
            Maybe(random, 4) ? Pick(random, "acme.example", "second.example", "none.example") : null,
            Maybe(random, 4) ? (LastActive)random.Next(5) : null,
            Maybe(random, 5) ? today.AddDays(-random.Next(200)) : null,
            Maybe(random, 5) ? today.AddDays(-random.Next(200)) : null,
            Maybe(random, 5) ? random.Next(2) == 0 : null);
    }

    static bool Maybe(Random random, int one) => random.Next(one) == 0;

    static T Pick<T>(Random random, params T[] from) => from[random.Next(from.Length)];
}
