using System.Diagnostics;
using System.Globalization;
using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel.Live;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Access;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What an open page is told, by a real program beside a second node (SPEC S6; decision 0070).</summary>
[Collection(Programs.Name)]
public sealed class TellWhatChanges(RunningNode node) : OnOpenPage(node)
{
    /// <summary>Beside other tests a busy machine has room; <see cref="EndStreamsInTime"/> measures alone what must be sooner.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <returns>Ada's session, in which she has not clicked for ten minutes.</returns>
    Task<Guid> LongAgo() => Here.Scalar<Guid>(
        "update security.session set last_active_at = last_active_at - interval '10 minutes' where account_id = @id returning id",
        new { id = Ada.Value });

    [Fact, Trait("Rule", "S6")]
    public async Task A_page_is_told_of_what_another_node_did_and_nobody_has_clicked()
    {
        using var ada = await SignedIn();
        var session = await LongAgo();
        async Task<bool> Clicked() => await Here.Scalar<bool>(
            "select last_active_at > now() - interval '5 minutes' from security.session where id = @session", new { session });

        using var answer = await Open(ada, Path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        answer.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        (await Read(stream, "retry:")).ShouldNotContain("data:");
        await Task.Delay(1500); // the first look
        await Here.Grant(new DeactivateAccount(Liam, Acme, null, null, false, TestInstallation.Console));
        var waited = Stopwatch.StartNew();
        (await Read(stream, "changes")).ShouldContain("data: changes");
        waited.Elapsed.ShouldBeLessThan(Soon);

        using (var page = new HttpRequestMessage(HttpMethod.Get, $"/o/{Acme}/members") { Headers = { { "X-Live", "true" } } })
            (await ada.Client.SendAsync(page)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Clicked()).ShouldBeFalse("the page asks by itself");
        (await ada.Get($"/o/{Acme}/members")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Clicked()).ShouldBeTrue("the twin: a click");
    }

    [Fact, Trait("Rule", "A3")]
    public async Task What_a_page_reads_by_itself_takes_no_notice_from_the_next_one()
    {
        using var ada = await SignedIn();
        var answer = await ada.Post($"/o/{Acme}/members/{Liam}/details/job-title", ("Seen", ""), ("Value", "Consultant"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        using var page = new HttpRequestMessage(HttpMethod.Get, $"/o/{Acme}/members") { Headers = { { "X-Live", "true" } } };
        (await (await ada.Client.SendAsync(page)).Content.ReadAsStringAsync()).ShouldNotContain("Job title: saved.");
        (await ada.Client.GetStringAsync($"/o/{Acme}/members")).ShouldContain("Job title: saved.");
    }

    [Fact, Trait("Rule", "S6")]
    public async Task What_was_changed_since_the_page_was_made_is_told_at_once()
    {
        using var ada = await SignedIn();
        var since = DateTimeOffset.UtcNow.AddSeconds(-1).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        await Here.Grant(new DeactivateAccount(Liam, Acme, null, null, false, TestInstallation.Console));
        using var answer = await Open(ada, $"{Path}?since={since}");
        (await Read(await answer.Content.ReadAsStreamAsync(), "data:")).ShouldContain("changes");
        (await Open(ada, $"{Path}?since=never")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact, Trait("Rule", "R2")]
    public async Task A_node_that_leaves_ends_its_streams_first()
    {
        var address = new Uri(Ports.FreeAddress());
        using var leaving = await Node.Start(address, ("Stop__DrainSeconds", "6"));
        using var ada = await SignedIn(address);
        using var answer = await Open(ada, Path);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await Read(stream, "retry:");
        leaving.Terminate();
        var since = Stopwatch.StartNew();
        await Read(stream);
        since.Elapsed.ShouldBeLessThan(Soon, "the balancers' moment is six seconds");
        (await leaving.Ends(Patience)).ShouldBe(0);
    }

    [Fact, Trait("Rule", "S11")]
    public async Task One_person_has_so_many_and_a_place_that_is_left_is_free()
    {
        using var ada = await SignedIn();
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < LiveStreams.MostOfPerson; i++) open.Add(await Open(ada, Path));
        open.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        using (var more = await Open(ada, Path))
        {
            more.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            more.Headers.RetryAfter.ShouldNotBeNull();
        }
        foreach (var one in open) one.Dispose();
        await TestInstallation.Others(async () =>
        {
            using var again = await Open(ada, Path);
            return again.StatusCode == HttpStatusCode.OK;
        }, Patience, "no place has become free");
    }

    [Fact]
    public async Task Who_watches_costs_one_statement_a_second_whatever_their_number()
    {
        var changes = Here.Services.GetRequiredService<LiveChanges>();
        var globex = await Here.Organization($"globex-{No}");
        var watches = Enumerable.Range(0, 50).Select(i => changes.Watch(i % 2 == 0 ? Acme.Value : globex.Value)).ToList();
        var before = changes.Looks;
        await Task.Delay(3000);
        (changes.Looks - before).ShouldBeInRange(2, 8);
        watches.ShouldAllBe(w => w.Take() == LiveTopics.None);
        await Here.Grant(new DeactivateAccount(Liam, Acme, null, null, false, TestInstallation.Console));
        await TestInstallation.Others(() => Task.FromResult(watches[0].Take().HasFlag(LiveTopics.Changes)), Patience, "it is not told");
        watches[1].Take().ShouldBe(LiveTopics.None, "another organization's");
        watches.ForEach(w => w.Dispose());
        await Task.Delay(1500);
        var looks = changes.Looks;
        await Task.Delay(1500);
        changes.Looks.ShouldBe(looks, "nobody watches");
    }

    [Fact]
    public async Task What_commits_after_something_younger_is_told_as_well()
    {
        using var watch = Here.Services.GetRequiredService<LiveChanges>().Watch(Acme.Value);
        await Task.Delay(1500); // the first look
        await using var late = new NpgsqlConnection(Node.Database);
        await late.OpenAsync();
        await using var transaction = await late.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand("""
            insert into kernel.audit_entry (id, at, organization_id, subject_id, action, means)
            values (gen_random_uuid(), now() - interval '1 second', $1, $1, 'ExperienceChosen', 'web')
            """, late) { Parameters = { new() { Value = Acme.Value } } })
            await insert.ExecuteNonQueryAsync();
        await Here.Grant(new DeactivateAccount(Liam, Acme, null, null, false, TestInstallation.Console));
        Task<bool> Told() => Task.FromResult(watch.Take().HasFlag(LiveTopics.Changes));
        await TestInstallation.Others(Told, Patience, "the younger one is not told");
        await Task.Delay(1500);
        watch.Take().ShouldBe(LiveTopics.None);
        await transaction.CommitAsync();
        await TestInstallation.Others(Told, Patience, "the older one is not told");
    }

    [Fact, Trait("Rule", "S6")]
    public async Task A_page_that_asks_by_itself_reads_no_rows_each_time()
    {
        using var ada = await SignedIn();
        var ask = new AuthenticateSession(ada.Session!, MayBeKnown: true) { Unattended = true };
        await LongAgo();
        // Kept once it is followed, which a busy machine does later.
        await TestInstallation.Others(async () =>
        {
            using var sent = new RoundTrips(Here);
            (await Here.Send(ask)).ShouldNotBeNull();
            return sent.Sent.Count == 0;
        }, Patience, "each time rows are read");
        await Here.Grant(new LogOutEverywhere(Ada, null, null, TestInstallation.Console));
        (await Here.Send(ask)).ShouldBeNull();
    }
}
