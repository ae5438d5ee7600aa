using System.Globalization;
using System.Net;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The audit log as programs read it (SPEC L3).</summary>
[Trait("Rule", "L3"), Trait("Rule", "P1")]
public sealed class ReadEvents : OnApi
{
    string Events => $"/admin/v1/orgs/{Acme}/events";
    string Stream => $"/admin/v1/orgs/{Acme}/events-stream";

    async Task<List<JsonElement>> Leaf(string path)
    {
        var (all, next) = (new List<JsonElement>(), (string?)path);
        for (var pages = 0; next is not null; pages++)
        {
            var page = await Program.Expect(HttpStatusCode.OK, "GET", next);
            all.AddRange(page.GetProperty("data").EnumerateArray());
            page.GetProperty("meta").GetProperty("page_size").GetInt32().ShouldBe(page.GetProperty("data").GetArrayLength());
            next = page.GetProperty("links").TryGetProperty("next", out var link) ? new Uri(link.GetString()!).PathAndQuery : null;
            pages.ShouldBeLessThan(50);
            Here.Clock.Pass(TimeSpan.FromSeconds(1));
        }
        return all;
    }

    static string ActionOf(JsonElement e) => e.GetProperty("attributes").GetProperty("action").GetString()!;

    static IEnumerable<Guid> Ids(IEnumerable<JsonElement> events) => events.Select(e => e.GetProperty("id").GetGuid());

    Task<IReadOnlyList<Guid>> InDatabase(string where) =>
        Here.Rows<Guid>($"select id from kernel.audit_entry where organization_id = @acme and {where} order by at desc, id desc",
            new { acme = Acme.Value, ada = Ada.Value, liam = Liam.Value });

    async Task Live()
    {
        for (var i = 0; i < 12; i++) await Here.Account($"p{i}@acme.example", $"Person {i}", managedBy: Acme);
        Here.Clock.Pass(TimeSpan.FromMinutes(1));
        await Here.Grant(new DeactivateAccount(Liam, Acme, "Left", null, false, By(Ada)));
        await Here.Grant(new ReactivateAccount(Liam, Acme, By(Ada)));
    }

    [Fact]
    public async Task An_event_says_who_did_what_to_whom_and_when()
    {
        await Live();
        var one = (await Program.Expect(HttpStatusCode.OK, "GET", $"{Events}?action=account_deactivated")).GetProperty("data")
            .EnumerateArray().Single();
        var its = one.GetProperty("attributes");
        (ActionOf(one), its.GetProperty("actor").GetProperty("id").GetGuid(), its.GetProperty("actor").GetProperty("email").GetString())
            .ShouldBe(("account_deactivated", Ada.Value, "ada@acme.example"));
        (its.GetProperty("context")[0].GetProperty("id").GetGuid(), its.GetProperty("context")[0].GetProperty("type").GetString())
            .ShouldBe((Liam.Value, "account"));
        its.GetProperty("container")[0].GetProperty("id").GetGuid().ShouldBe(Acme.Value);
        its.GetProperty("reason").GetString().ShouldBe("Left");
        its.GetProperty("changes").EnumerateArray().Single(c => c.GetProperty("field").GetString() == "state").GetProperty("after")
            .GetString().ShouldBe("deactivated", StringCompareShould.IgnoreCase);
        one.GetProperty("message").GetProperty("content").GetString().ShouldBe("The account was deactivated");
        // Its own address says the same.
        (await Program.Expect(HttpStatusCode.OK, "GET", new Uri(one.GetProperty("links").GetProperty("self").GetString()!).PathAndQuery))
            .GetProperty("data").ToString().ShouldBe(one.ToString());
    }

    [Fact]
    public async Task Pages_and_filters_give_each_entry_once()
    {
        await Live();
        Ids(await Leaf($"{Events}?limit=4")).ShouldBe(await InDatabase("true"));
        Ids(await Leaf($"{Events}?actor={Ada}")).ShouldBe(await InDatabase("actor_id = @ada"));
        Ids(await Leaf($"{Events}?actor=ada@acme.example&limit=1")).ShouldBe(await InDatabase("actor_id = @ada"));
        Ids(await Leaf($"{Events}?q=liam@acme.example&limit=3")).ShouldBe(await InDatabase("(actor_id = @liam or subject_id = @liam)"));
        Ids(await Leaf($"{Events}?q=reactivat")).ShouldBe(await InDatabase("action = 'AccountReactivated'"));
        Ids(await Leaf($"{Events}?action=account_deactivated&action=account_reactivated"))
            .ShouldBe(await InDatabase("action in ('AccountDeactivated', 'AccountReactivated')"));
        (await Leaf($"{Events}?action=never_happened")).ShouldBeEmpty();
        (await Leaf($"{Events}?actor=nobody@elsewhere.example")).ShouldBeEmpty();
        var moment = Here.Clock.GetUtcNow().AddSeconds(-30).ToUnixTimeMilliseconds();
        var (late, early) = (await Leaf($"{Events}?from={moment}"), await Leaf($"{Events}?to={moment}"));
        late.Select(ActionOf).ShouldContain("account_deactivated");
        early.Select(ActionOf).ShouldNotContain("account_deactivated");
        Ids(late.Concat(early)).ShouldBe(await InDatabase("action <> 'AuditLogExported'"));
        // The same second as programs write it; a plus that is not encoded arrives as a blank.
        var second = DateTimeOffset.FromUnixTimeMilliseconds(moment).UtcDateTime.ToString("s", CultureInfo.InvariantCulture);
        foreach (var end in (string[])["", "Z", ".5Z", ".123456789Z", "%2B00:00", "+00:00", "%2B0000", "%2B00"])
            Ids(await Leaf($"{Events}?from={second}{end}")).ShouldBe(Ids(late), end);
        Ids(await Leaf($"{Events}?from={second[..10]}")).ShouldBe(Ids(await Leaf($"{Events}?from={second[..10]}T00:00Z")), "midnight");
        (await Leaf($"{Events}?to=0")).ShouldBeEmpty();
        (await Program.Expect(HttpStatusCode.OK, "GET", $"/admin/v1/orgs/{Acme}/event-actions")).GetProperty("data").EnumerateArray()
            .Select(a => a.GetProperty("id").GetString())
            .ShouldBe((await Leaf(Events)).Select(ActionOf).Distinct(), ignoreOrder: true);
        foreach (var bad in (string[])["from=yesterday", "to=-1", "from=99999999999999999", "actor=x", $"actor={Ada}&actor=x",
            "ip=127.0.0.1", "limit=0"]) await Program.Expect(HttpStatusCode.BadRequest, "GET", $"{Events}?{bad}");
        // A guess would show more than was asked for: seconds are a day in 1970, a day without a year is another one.
        foreach (var guess in (string[])["1764547200", "1", "20260101", "202601011030", "20260101103000", "99999999999", "01/12/2026",
            "10:30", "2026-1-1", "2026-01", "2026-02-30", "2026-01-01%2010:00:00Z", "1.12.2026", "Tue, 01 Dec 2026 10:00:00 GMT"])
            foreach (var path in (string[])[Events, Stream])
                (await Program.Expect(HttpStatusCode.BadRequest, "GET", $"{path}?from={guess}")).ToString().ShouldContain("milliseconds");
        await Program.Expect(HttpStatusCode.BadRequest, "GET", $"{Events}?cursor=nonsense&to=2026-11-22T10:00:00Z");
    }

    [Fact]
    public async Task The_stream_misses_nothing_that_was_written_at_the_same_moment()
    {
        await Live();
        await Here.StartBackground();
        var (seen, next, accounts) = (new List<Guid>(), Stream + "?limit=5", 25);
        // Writers and the reader run at once; the reader goes on from where it was, as a program would that polls.
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < accounts; i++) await Here.Account($"w{writer}-{i}@acme.example", managedBy: Acme);
        }));
        for (var quiet = 0; quiet < 5;)
        {
            var page = await Program.Expect(HttpStatusCode.OK, "GET", next);
            var ids = Ids(page.GetProperty("data").EnumerateArray()).ToList();
            ids.Count.ShouldBeLessThanOrEqualTo(5);
            seen.AddRange(ids);
            next = new Uri(page.GetProperty("links").GetProperty("next").GetString()!).PathAndQuery;
            Here.Clock.Pass(TimeSpan.FromSeconds(1));
            if (ids.Count > 0) continue;
            var done = writing.IsCompletedSuccessfully
                && await Here.Scalar<long>("select count(*) from kernel.audit_entry where organization_id = @id",
                    new { id = Acme.Value }) == await Here.Scalar<long>(
                    "select sum(cardinality(ids)) from kernel.audit_seal where organization_id = @id", new { id = Acme.Value });
            quiet = done ? quiet + 1 : 0;
            await Task.Delay(200);
        }
        await writing;
        seen.Count.ShouldBe(seen.Distinct().Count());
        seen.ShouldBe(await InDatabase("true"), ignoreOrder: true);
        seen.Count.ShouldBeGreaterThan(4 * accounts);
        // From a time on, and up to one.
        var half = await Here.Scalar<DateTime>(
            "select at from kernel.audit_entry where organization_id = @acme and action = 'AccountDeactivated'", new { acme = Acme.Value });
        Ids((await Program.Expect(HttpStatusCode.OK, "GET",
            $"{Stream}?limit=1000&from={new DateTimeOffset(half).AddMilliseconds(1).ToUnixTimeMilliseconds()}")).GetProperty("data")
            .EnumerateArray()).ShouldBe(await Here.Rows<Guid>(
            "select id from kernel.audit_entry where organization_id = @acme and at >= @from",
                new
                {
                    acme = Acme.Value,
                    from = DateTimeOffset.FromUnixTimeMilliseconds(new DateTimeOffset(half).AddMilliseconds(1)
                    .ToUnixTimeMilliseconds()).UtcDateTime
                }), ignoreOrder: true);
        await Program.Expect(HttpStatusCode.OK, "GET", $"{Stream}?cursor=999999-999999");
        foreach (var cursor in (string[])["nonsense", "-1--1", "1-2-3"])
            await Program.Expect(HttpStatusCode.BadRequest, "GET", $"{Stream}?cursor={cursor}");
    }

    [Fact, Trait("Rule", "S8")]
    public async Task Nothing_of_another_organization_is_told()
    {
        await Live();
        var sealing = ActivatorUtilities.CreateInstance<AuditSealing>(Here.Services);
        await TestInstallation.Others(async () =>
        {
            await sealing.SealSome(CancellationToken.None);
            return await Here.Scalar<bool>("""
                select (select count(*) from kernel.audit_entry where organization_id = @id)
                     = (select sum(cardinality(ids)) from kernel.audit_seal where organization_id = @id)
                """, new { id = Acme.Value });
        }, TimeSpan.FromMinutes(1));
        var own = (await InDatabase("action = 'AccountDeactivated'")).Single();
        foreach (var path in (string[])["events", "events-stream", $"events/{own}", "event-actions"])
            (await Foreign.Expect(HttpStatusCode.NotFound, "GET", $"/admin/v1/orgs/{Acme}/{path}")).ToString().ShouldNotContain("liam");
        await Foreign.Expect(HttpStatusCode.NotFound, "GET", $"/admin/v1/orgs/{Globex}/events/{own}");
        var theirs = await Foreign.Expect(HttpStatusCode.OK, "GET", $"/admin/v1/orgs/{Globex}/events?q={Liam}");
        theirs.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await Foreign.Expect(HttpStatusCode.OK, "GET", $"/admin/v1/orgs/{Globex}/events-stream?limit=1000")).ToString()
            .ShouldNotContain($"{Acme}");
    }
}
