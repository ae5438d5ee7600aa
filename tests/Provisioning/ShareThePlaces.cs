using System.Net;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>
/// One organization's identity providers keep no other organization's waiting, whatever they send and however long it takes (SPEC A9, P4).
/// </summary>
[Trait("Rule", "P4"), Trait("Finding", "A13")]
public sealed class ShareThePlaces : OnScim
{
    const int Share = ProvisioningLock.Most / 2;

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    ProvisioningLock Turns => Site.Services.GetRequiredService<ProvisioningLock>();

    ProvisioningGrant Grant => new(Provider.Directory, Acme, "Entra ID");

    static object Title(string title) => new
    {
        schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        Operations = (object[])[new { op = "replace", path = "title", value = title }],
    };

    static JsonObject Group(string name) =>
        new() { ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Group"), ["displayName"] = name };

    /// <summary>Requests that hang in the database until the transaction ends.</summary>
    Task<long> Hanging() =>
        Here.Scalar<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");

    [Fact]
    public async Task Changes_of_people_that_hang_keep_no_other_organization_waiting()
    {
        var (mia, noah) = (await Provider.Create(Person("mia")), await Provider.Create(Person("noah")));
        using var second = await Directory("Second");
        await WhileHeld($"insert into directory.provisioning_lease values ('{ProvisioningLock.Of(mia)}', gen_random_uuid(), now())",
            [.. Enumerable.Range(0, 80)
                .Select(i => (i % 2 == 0 ? Provider : second, "PATCH", $"/Users/{mia}", (object?)Title($"Boss {i}")))],
            // Their own admins come through, too.
            async () => (await Here.Send(new UnlinkPerson(Acme, new(noah), By(Ada)))).Granted.ShouldBeTrue());
    }

    [Fact]
    public async Task Changes_of_a_group_that_hang_keep_no_other_organization_waiting()
    {
        var made = await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups", Group("Staff"));
        var group = made.GetProperty("id").GetGuid();
        await WhileHeld($"select from directory.provisioned_group where group_id = '{group}' for update",
            [.. Enumerable.Range(0, 80)
                .Select(i => (Provider, i % 2 == 0 ? "DELETE" : "PUT", $"/Groups/{group}", i % 2 == 0 ? null : (object?)Group("Others")))]);
    }

    /// <summary>Holds something, sends all of Acme's requests at once, and asks for Globex when as many hang as can.</summary>
    async Task WhileHeld(
        string hold, IReadOnlyList<(ScimCaller By, string Method, string Path, object? Body)> requests, Func<Task>? also = null)
    {
        List<Task<(HttpStatusCode Status, System.Text.Json.JsonElement)>> sent;
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var held = new NpgsqlCommand(hold, connection))
                await held.ExecuteNonQueryAsync();
            sent = [.. requests.Select(async r =>
            {
                using var caller = new ScimCaller(Site.Somebody().Client, r.By.Directory, r.By.Token, Here.Clock);
                return await caller.Ask(r.Method, r.Path, r.Body);
            })];
            await TestInstallation.Others(async () => await Hanging() == Share, Soon, $"not {Share} changes hang");
            await TestInstallation.Others(
                () => Task.FromResult(Turns.WaitingOf(Acme) == requests.Count - Share), Soon, "the others do not wait");
            (await Hanging()).ShouldBe(Share, "and no more");
            try
            {
                var theirs = Foreign.Create(Person("gill", domain: "globex.example"));
                (await Task.WhenAny(theirs, Task.Delay(Soon))).ShouldBe(theirs, "another organization's provider waits");
                if (also is not null) await also();
            }
            finally { await transaction.RollbackAsync(); }
        }
        foreach (var (status, _) in await Task.WhenAll(sent).WaitAsync(TimeSpan.FromMinutes(1)))
            ((int)status).ShouldBeInRange(200, 404);
        (Turns.Free, Turns.WaitingOf(Acme)).ShouldBe((ProvisioningLock.Most, 0));
    }

    [Fact]
    public async Task Who_has_very_many_waiting_is_told_to_wait_with_the_next_and_the_log_says_so_once()
    {
        var mia = await Provider.Create(Person("mia"));
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        const int Crowd = Share + ProvisioningLock.MostWaiting;
        var crowd = Enumerable.Range(0, Crowd).Select(i => Turns.OfProvider(Grant, [$"test {i}"], async _ =>
        {
            await go.Task;
            return new ScimReply(null);
        }, default)).ToList();
        try
        {
            Turns.WaitingOf(Acme).ShouldBe(ProvisioningLock.MostWaiting);
            foreach (var (method, path, body) in ((string, string, object?)[])[
                ("PATCH", $"/Users/{mia}", Title("Boss")), ("DELETE", $"/Users/{mia}", null),
                ("POST", "/Users", Person("noah")), ("POST", "/Groups", Group("Staff"))])
            {
                await Provider.Expect(HttpStatusCode.TooManyRequests, method, path, body).WaitAsync(Soon);
                Provider.Last.Headers.RetryAfter?.Delta.ShouldBe(TimeSpan.FromSeconds(5), path);
            }
            await Foreign.Create(Person("gill", domain: "globex.example")).WaitAsync(Soon);
        }
        finally { go.SetResult(); }
        (await Task.WhenAll(crowd).WaitAsync(TimeSpan.FromMinutes(1))).ShouldAllBe(o => o.Granted);
        await Provider.Patch(mia, new { op = "replace", path = "title", value = "Boss" });
        (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes.Select(n => n.Status).ShouldBe([429]);
        Turns.Free.ShouldBe(ProvisioningLock.Most);
    }

    [Fact]
    public async Task Whoever_fails_or_gives_up_while_waiting_leaves_no_place_taken()
    {
        using var enough = new CancellationTokenSource();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inside = 0;
        Task<Outcome<ScimReply>> Turn(string name, CancellationToken ct, bool fails = false) =>
            Turns.OfProvider(Grant, [name], async _ =>
            {
                Interlocked.Increment(ref inside);
                await go.Task.WaitAsync(ct);
                return fails ? throw new InvalidOperationException("failed") : new ScimReply(null);
            }, ct);
        // Two are at it, the others with a place wait for their names, and five have none.
        var (failing, other) = (Turn("test 0", default, fails: true), Turn("test 1", default));
        await TestInstallation.Others(() => Task.FromResult(Volatile.Read(ref inside) == 2), Soon, "the first two do not begin");
        // However long the rest takes here: a lease that has ended would let in the others.
        (await Here.Rows<int>("update directory.provisioning_lease set until = 'infinity' where name in ('test 0', 'test 1') returning 1"))
            .Count.ShouldBe(2);
        var hanging = Enumerable.Range(2, Share - 2).Select(i => Turn($"test {i % 2}", enough.Token)).ToList();
        var waiting = Enumerable.Range(0, 5).Select(_ => Turn("test 2", enough.Token)).ToList();
        await TestInstallation.Others(
            () => Task.FromResult((Turns.Free, Turns.WaitingOf(Acme)) == (ProvisioningLock.Most - Share, waiting.Count)), Soon,
            "the changes do not wait");
        await enough.CancelAsync();
        foreach (var gaveUp in waiting.Concat(hanging))
            await Should.ThrowAsync<OperationCanceledException>(() => gaveUp.WaitAsync(Soon));
        var (free, waits, begun) = (Turns.Free, Turns.WaitingOf(Acme), Volatile.Read(ref inside));
        go.SetResult();
        await Should.ThrowAsync<InvalidOperationException>(() => failing.WaitAsync(Soon));
        (await other.WaitAsync(Soon)).Granted.ShouldBeTrue();
        (free, waits, begun).ShouldBe((ProvisioningLock.Most - 2, 0, 2));
        Turns.Free.ShouldBe(ProvisioningLock.Most);
        await Provider.Create(Person("mia"));
    }
}
