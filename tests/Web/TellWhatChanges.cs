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

/// <summary>What an open page is told, by a real program beside a second node (SPEC A9, S6; decision 0070).</summary>
[Collection(Programs.Name)]
public sealed class TellWhatChanges(RunningNode node) : IClassFixture<RunningNode>, IAsyncLifetime
{
    const string Password = "violet lantern orbit";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>SPEC A9 says less, and <see cref="LifeOfCredentials"/> measures it alone: beside others a busy machine has room.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    readonly int _no = RunningNode.Number;
    readonly TestInstallation _here = node.Here;
    AccountId _ada, _liam;
    OrganizationId _acme;

    public async Task InitializeAsync()
    {
        _acme = await _here.Organization($"acme-{_no}");
        _ada = await _here.Admin(_acme, Address("ada"));
        await _here.Grant(new GivePassword([_ada], Password));
        await _here.VerifiedDomain(_acme, $"acme-{_no}.example");
        _liam = await _here.Account(Address("liam"), managedBy: _acme);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    string Address(string name) => $"{name}@acme-{_no}.example";

    async Task<SiteVisitor> Ada(Uri? at = null)
    {
        var ada = node.Browser(at);
        await ada.SignIn(Address("ada"), Password);
        return ada;
    }

    string Path => $"/o/{_acme}/live";

    static async Task<HttpResponseMessage> Open(SiteVisitor visitor, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "HX-Request", "true" } } };
        return await visitor.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>What is read until it ends, or the text comes.</summary>
    static async Task<string> Read(Stream stream, string? until = null)
    {
        var (buffer, all) = (new byte[1000], "");
        using var enough = new CancellationTokenSource(Patience);
        try
        {
            while (until is null || !all.Contains(until, StringComparison.Ordinal))
            {
                var count = await stream.ReadAsync(buffer, enough.Token);
                if (count == 0) break;
                all += System.Text.Encoding.UTF8.GetString(buffer, 0, count);
            }
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException) { } // An answer that is cut off has ended, too.
        return all;
    }

    /// <returns>Ada's session, in which she has not clicked for ten minutes.</returns>
    Task<Guid> LongAgo() => _here.Scalar<Guid>(
        "update security.session set last_active_at = last_active_at - interval '10 minutes' where account_id = @id returning id",
        new { id = _ada.Value });

    [Fact, Trait("Rule", "S6")]
    public async Task A_page_is_told_of_what_another_node_did_and_nobody_has_clicked()
    {
        using var ada = await Ada();
        var session = await LongAgo();
        async Task<bool> Clicked() => await _here.Scalar<bool>(
            "select last_active_at > now() - interval '5 minutes' from security.session where id = @session", new { session });

        using var answer = await Open(ada, Path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        answer.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        (await Read(stream, "retry:")).ShouldNotContain("data:");
        await Task.Delay(1500); // the first look
        await _here.Grant(new DeactivateAccount(_liam, _acme, null, null, false, TestInstallation.Console));
        var waited = Stopwatch.StartNew();
        (await Read(stream, "changes")).ShouldContain("data: changes");
        waited.Elapsed.ShouldBeLessThan(Soon);

        using (var page = new HttpRequestMessage(HttpMethod.Get, $"/o/{_acme}/members") { Headers = { { "X-Live", "true" } } })
            (await ada.Client.SendAsync(page)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Clicked()).ShouldBeFalse("the page asks by itself");
        (await ada.Get($"/o/{_acme}/members")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Clicked()).ShouldBeTrue("the twin: a click");
    }

    [Fact, Trait("Rule", "A3")]
    public async Task What_a_page_reads_by_itself_takes_no_notice_from_the_next_one()
    {
        using var ada = await Ada();
        var answer = await ada.Post($"/o/{_acme}/members/{_liam}/details/job-title", ("Seen", ""), ("Value", "Consultant"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        using var page = new HttpRequestMessage(HttpMethod.Get, $"/o/{_acme}/members") { Headers = { { "X-Live", "true" } } };
        (await (await ada.Client.SendAsync(page)).Content.ReadAsStringAsync()).ShouldNotContain("Job title: saved.");
        (await ada.Client.GetStringAsync($"/o/{_acme}/members")).ShouldContain("Job title: saved.");
    }

    [Fact, Trait("Rule", "S6")]
    public async Task What_was_changed_since_the_page_was_made_is_told_at_once()
    {
        using var ada = await Ada();
        var since = DateTimeOffset.UtcNow.AddSeconds(-1).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        await _here.Grant(new DeactivateAccount(_liam, _acme, null, null, false, TestInstallation.Console));
        using var answer = await Open(ada, $"{Path}?since={since}");
        (await Read(await answer.Content.ReadAsStreamAsync(), "data:")).ShouldContain("changes");
        (await Open(ada, $"{Path}?since=never")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact, Trait("Rule", "A9")]
    public async Task A_stream_ends_when_the_session_does()
    {
        using var ada = await Ada();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await Open(ada, Path);
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await Read(stream, "retry:");
            await Task.Delay(1000 + 170 * i);
            await _here.Grant(new LogOutEverywhere(_ada, null, null, TestInstallation.Console));
            var since = Stopwatch.StartNew();
            await Read(stream);
            since.Elapsed.ShouldBeLessThan(Soon);
            (await Open(ada, Path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            await ada.SignIn(Address("ada"), Password);
        }
    }

    [Fact, Trait("Rule", "A9")]
    public async Task A_stream_ends_when_a_role_is_taken_away_and_nobody_elses_is_opened()
    {
        using var ada = await Ada();
        var globex = await _here.Organization($"globex-{_no}");
        (await Open(ada, $"/o/{globex}/live")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await _here.Admin(_acme, Address("eve"));
        using var answer = await Open(ada, Path);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await Read(stream, "retry:");
        await _here.Grant(new RemoveAdmin(_acme, _ada, TestInstallation.Console));
        var since = Stopwatch.StartNew();
        await Read(stream);
        since.Elapsed.ShouldBeLessThan(Soon);
    }

    [Fact, Trait("Rule", "R2")]
    public async Task A_node_that_leaves_ends_its_streams_first()
    {
        var address = new Uri(Ports.FreeAddress());
        using var leaving = await node.Start(address, ("Stop__DrainSeconds", "20"));
        using var ada = await Ada(address);
        using var answer = await Open(ada, Path);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await Read(stream, "retry:");
        leaving.Terminate();
        var since = Stopwatch.StartNew();
        await Read(stream);
        since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), "the balancers' moment is twenty");
        await leaving.Kill();
    }

    [Fact, Trait("Rule", "S11")]
    public async Task One_person_has_so_many_and_a_place_that_is_left_is_free()
    {
        using var ada = await Ada();
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
        var changes = _here.Services.GetRequiredService<LiveChanges>();
        var globex = await _here.Organization($"globex-{_no}");
        var watches = Enumerable.Range(0, 50).Select(i => changes.Watch(i % 2 == 0 ? _acme.Value : globex.Value)).ToList();
        var before = changes.Looks;
        await Task.Delay(3000);
        (changes.Looks - before).ShouldBeInRange(2, 8);
        watches.ShouldAllBe(w => w.Take() == LiveTopics.None);
        await _here.Grant(new DeactivateAccount(_liam, _acme, null, null, false, TestInstallation.Console));
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
        using var watch = _here.Services.GetRequiredService<LiveChanges>().Watch(_acme.Value);
        await Task.Delay(1500); // the first look
        await using var late = new NpgsqlConnection(node.Database);
        await late.OpenAsync();
        await using var transaction = await late.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand("""
            insert into kernel.audit_entry (id, at, organization_id, subject_id, action, means)
            values (gen_random_uuid(), now() - interval '1 second', $1, $1, 'ExperienceChosen', 'web')
            """, late) { Parameters = { new() { Value = _acme.Value } } })
            await insert.ExecuteNonQueryAsync();
        await _here.Grant(new DeactivateAccount(_liam, _acme, null, null, false, TestInstallation.Console));
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
        using var ada = await Ada();
        var ask = new AuthenticateSession(ada.Session!, MayBeKnown: true) { Unattended = true };
        await LongAgo();
        (await _here.Send(ask)).ShouldNotBeNull();
        await Task.Delay(500); // kept once it is followed
        (await _here.Send(ask)).ShouldNotBeNull();
        await _here.Scalar<object>("alter table security.session rename to session_away");
        (await _here.Send(ask)).ShouldNotBeNull("it is known");
        await _here.Scalar<object>("alter table security.session_away rename to session");
        await _here.Grant(new LogOutEverywhere(_ada, null, null, TestInstallation.Console));
        (await _here.Send(ask)).ShouldBeNull();
    }
}
