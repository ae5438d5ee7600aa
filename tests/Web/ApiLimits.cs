using System.Net;
using System.Text;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Which key opens what, how often, and once or twice (SPEC P1, P4).</summary>
[Trait("Rule", "P4")]
public sealed class ApiLimits : OnApi
{
    string Profile => $"/users/{Liam}/manage/profile";
    string Disable => $"/users/{Liam}/manage/lifecycle/disable";

    [Fact, Trait("Rule", "S9")]
    public async Task Keys_alone_open_these_routes_and_each_has_its_scopes()
    {
        var reader = (await Key(Acme, Ada, ApiScope.AccountsRead)).Secret;
        var token = (await Here.Grant(new CreateApiToken(Ada, "Mine", 7, By(Ada)))).Secret;
        foreach (var none in (string?[])[null, "nonsense", token, "dpk_" + new string('x', 49)])
        {
            using var caller = With(none);
            (await caller.Expect(HttpStatusCode.Unauthorized, "GET", Profile)).GetProperty("key").GetString().ShouldBe("unauthorized");
            caller.Last.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        }
        using var program = With(reader);
        await program.Expect(HttpStatusCode.OK, "GET", Profile);
        (await program.Expect(HttpStatusCode.Forbidden, "POST", Disable)).GetProperty("message").GetString()!
            .ShouldContain("accounts:manage");
        using var domains = With((await Key(Acme, Ada, ApiScope.DomainsManage)).Secret);
        // What can be read can be asked about, by nobody else (RFC 9110, 9.1).
        await program.Expect(HttpStatusCode.OK, "HEAD", Profile);
        program.Last.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        await program.Expect(HttpStatusCode.MethodNotAllowed, "HEAD", Disable);
        await domains.Expect(HttpStatusCode.Forbidden, "HEAD", Profile);
        await domains.Expect(HttpStatusCode.Forbidden, "GET", Profile);
        using var manager = With((await Key(Acme, Ada, ApiScope.AccountsManage)).Secret);
        await manager.Expect(HttpStatusCode.OK, "GET", Profile);
        (await program.Expect(HttpStatusCode.Unauthorized, "GET", "/api/me")).GetProperty("code").GetString().ShouldBe("unauthorized");
        (await program.Expect(HttpStatusCode.MethodNotAllowed, "PUT", Profile)).GetProperty("key").GetString().ShouldBe("methodNotAllowed");
        await program.Expect(HttpStatusCode.NotFound, "GET", "/users/nobody/manage");
    }

    [Fact, Trait("Rule", "A9")]
    public async Task A_key_stops_over_http_when_its_admin_is_dismissed()
    {
        await Here.Admin(Acme, "second@acme.example");
        await Program.Expect(HttpStatusCode.OK, "GET", Profile);
        await Here.Grant(new DismissOrganizationAdmin(Ada, Acme, TestInstallation.Console));
        await Program.Expect(HttpStatusCode.Unauthorized, "POST", Disable);
        await Here.Until(async () => (await Program.Ask("GET", Profile)).Status == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(1),
            "the key lives on");
    }

    [Fact]
    public async Task Too_fast_is_told_how_long_to_wait_and_slows_nobody_else()
    {
        Here.Clock.Stand();
        var (granted, refused) = (0, 0);
        for (var i = 0; i < 400 && refused == 0; i++)
        {
            var (status, _) = await Program.Ask("GET", Profile);
            if (status == HttpStatusCode.OK) granted++;
            else if (status == HttpStatusCode.TooManyRequests) refused++;
        }
        granted.ShouldBeGreaterThanOrEqualTo(new ApiSettings().Burst);
        refused.ShouldBe(1);
        Program.Last.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        await Foreign.Expect(HttpStatusCode.NotFound, "GET", Profile);
        Here.Clock.Pass(TimeSpan.FromSeconds(1));
        await Program.Expect(HttpStatusCode.OK, "GET", Profile);
    }

    [Fact]
    public async Task A_repeated_post_is_carried_out_once_and_answered_alike()
    {
        (string, string) once = (IdempotencyFilter.Header, "monday-1");
        await Program.Expect(HttpStatusCode.NoContent, "POST", Disable, """{"message":"Gone."}""", once);
        Program.Last.Headers.Contains(IdempotencyFilter.Replayed).ShouldBeFalse();
        await Here.Grant(new ReactivateAccount(Liam, Acme, By(Ada)));
        await Program.Expect(HttpStatusCode.NoContent, "POST", Disable, """{"message":"Gone."}""", once);
        Program.Last.Headers.Contains(IdempotencyFilter.Replayed).ShouldBeTrue();
        (await Here.Grant(new ReadAccount(Liam))).State.ShouldBe(AccountState.Active, "it was not done again");
        await Program.Expect(HttpStatusCode.UnprocessableEntity, "POST", Disable, """{"message":"Other."}""", once);
        await Program.Expect(HttpStatusCode.UnprocessableEntity, "POST", $"/users/{Ada}/manage/lifecycle/disable",
            """{"message":"Gone."}""", once);
        await Foreign.Expect(HttpStatusCode.NotFound, "POST", Disable, """{"message":"Gone."}""", once);
        foreach (var bad in (string[])["a b", new('x', 256), "ü"])
            await Program.Expect(HttpStatusCode.BadRequest, "POST", Disable, null, (IdempotencyFilter.Header, bad));
        Here.Clock.Pass(TimeSpan.FromHours(25));
        await Program.Expect(HttpStatusCode.NoContent, "POST", Disable, """{"message":"Other."}""", once);
        (await Here.Grant(new ReadAccount(Liam))).State.ShouldBe(AccountState.Deactivated);
    }

    [Fact]
    public async Task Whoever_goes_while_it_is_carried_out_comes_back_for_the_whole_answer()
    {
        var (secret, groups, body) = ((await Key(Acme, Ada)).Secret, $"/admin/v2/orgs/{Acme}/directories/-/groups",
            """{"name":"Writers"}""");
        using var program = With(secret);
        using (var request = new HttpRequestMessage(HttpMethod.Post, groups))
        using (var gone = new CancellationTokenSource())
        {
            request.Headers.Authorization = new("Bearer", secret);
            request.Headers.Add(IdempotencyFilter.Header, "monday-2");
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            await using var holder = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
            await holder.ExecuteAsync("begin; lock table sites.grp in share mode");
            var asked = program.Client.SendAsync(request, gone.Token);
            await TestInstallation.Others(() => Here.Scalar<bool>("""
                select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
                """), what: "the group is not being made");
            await gone.CancelAsync();
            // The test server tells of it when all is over.
            await holder.ExecuteAsync("rollback");
            await Should.ThrowAsync<OperationCanceledException>(() => asked);
        }
        await TestInstallation.Others(async () =>
            await Here.Scalar<long>("select count(*) from security.api_answer where status is not null") == 1, what: "no answer is kept");
        var made = await program.Expect(HttpStatusCode.Created, "POST", groups, body, (IdempotencyFilter.Header, "monday-2"));
        program.Last.Headers.Contains(IdempotencyFilter.Replayed).ShouldBeTrue();
        made.GetProperty("data").GetProperty("id").GetGuid()
            .ShouldBe(await Here.Scalar<Guid>("select id from sites.grp where name = 'Writers'"));
    }

    [Fact]
    public async Task One_that_is_still_being_done_says_so_and_a_dead_one_may_be_repeated()
    {
        var key = (await Here.Send(new ReadApiKeys(Acme))).Single().Id;
        var begun = new BeginOnce(key, "x", [1]);
        var first = await Here.Grant(begun);
        first.Before.ShouldBeNull();
        (await Here.Refuse(begun)).ShouldBeOfType<StillBeingDone>();
        (await Here.Refuse(begun with { RequestHash = [2] })).ShouldBeOfType<IdempotencyKeyReused>();
        Here.Clock.Pass(TimeSpan.FromMinutes(6));
        var second = await Here.Grant(begun);
        second.Before.ShouldBeNull();
        // The first was not dead, and ends late: what the second is at is not its own.
        foreach (var late in (KeptAnswer?[])[null, new(201, null, "of the first")])
        {
            await Here.Send(new EndOnce(key, "x", first, late));
            (await Here.Refuse(begun)).ShouldBeOfType<StillBeingDone>();
        }
        await Here.Send(new EndOnce(key, "x", second, null));
        var third = await Here.Grant(begun);
        third.Before.ShouldBeNull();
        await Here.Send(new EndOnce(key, "x", third, new KeptAnswer(201, "application/json", "{}")));
        (await Here.Grant(begun)).Before.ShouldBe(new KeptAnswer(201, "application/json", "{}"));
    }

    [Fact, Trait("Rule", "R2")]
    public async Task What_a_dead_node_was_at_may_be_begun_anew_at_once_and_not_what_a_frozen_one_is()
    {
        var key = (await Here.Send(new ReadApiKeys(Acme))).Single().Id;
        await using var node = Here.AnotherNode();
        await node.StartBackground();
        var presence = node.Services.GetRequiredService<Presence>();
        await TestInstallation.Others(() => Task.FromResult(presence.Process is not null));
        (await node.Grant(new BeginOnce(key, "x", [1]))).Before.ShouldBeNull();
        (await Here.Refuse(new BeginOnce(key, "x", [1]))).ShouldBeOfType<StillBeingDone>("it lives");
        // A frozen one has no lease after seconds, and holds its lock: it may go on with what it was at.
        (await Here.Scalar<bool>("begin; delete from kernel.node; select kernel.process_lives(@Process); rollback",
            new { presence.Process })).ShouldBeTrue("it is not known to be dead");
        await node.StopBackground();
        await Here.Scalar<int>("delete from kernel.node");
        (await Here.Refuse(new BeginOnce(key, "x", [2]))).ShouldBeOfType<IdempotencyKeyReused>();
        (await Here.Grant(new BeginOnce(key, "x", [1]))).Before.ShouldBeNull();
    }

    [Fact, Trait("Rule", "A6")]
    public async Task Kept_answers_go_after_a_day_and_with_the_person_they_name()
    {
        var key = (await Here.Send(new ReadApiKeys(Acme))).Single().Id;
        var names = await Here.Grant(new BeginOnce(key, "names", [1]));
        await Here.Send(new EndOnce(key, "names", names, new KeptAnswer(200, "application/json", $$"""{"email":"liam@acme.example"}""")));
        var other = await Here.Grant(new BeginOnce(key, "other", [1]));
        await Here.Send(new EndOnce(key, "other", other, new KeptAnswer(200, "application/json", """{"email":"jane@acme.example"}""")));
        await Here.Grant(new ScheduleDeletion(Liam, Acme, By(Ada)));
        await Here.Rows<int>("update accounts.account set deletion_due_at = now() - interval '1 day' where id = @id returning 1",
            new { id = Liam.Value });
        foreach (var due in Here.Services.GetServices<IRecurring>().Where(r => r.GetType().Name is "DueDeletions"))
            await due.Run(CancellationToken.None);
        (await Here.Rows<string>("select idempotency_key from security.api_answer")).ShouldBe(["other"]);
        Here.Clock.Pass(TimeSpan.FromHours(25));
        foreach (var old in Here.Services.GetServices<IRecurring>().Where(r => r.GetType().Name is "OldCredentials"))
            await old.Run(CancellationToken.None);
        (await Here.Scalar<long>("select count(*) from security.api_answer")).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from security.api_key")).ShouldBe(2);
    }

    [Fact]
    public async Task Bodies_are_capped()
    {
        await Program.Expect(HttpStatusCode.RequestEntityTooLarge, "PATCH", Profile, $$"""{"name":"{{new string('a', 1_100_000)}}"}""");
        using var form = await Program.Client.PatchAsync(Profile, new StringContent("name=x"));
        form.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
