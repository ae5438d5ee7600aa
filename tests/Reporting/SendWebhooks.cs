using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Domains.Internal.Https;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Webhooks;
using DirectoryPlatform.Webhooks.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Tests.Reporting;

/// <summary>A real receiver gets each entry of its organization, in order, however it behaves (SPEC L3).</summary>
[Collection(Alone.Name)]
public sealed class SendWebhooks : OnInstallation
{
    sealed record GotWebhook(string Id, string Timestamp, string Signature, string Body)
    {
        public IReadOnlyList<Guid> Events =>
            [.. JsonDocument.Parse(Body).RootElement.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("id").GetGuid())];
    }

    /// <summary>Answers as the test says, and remembers what it got.</summary>
    sealed class Receiver : IAsyncDisposable
    {
        readonly WebApplication _app;

        public Receiver()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            _app = builder.Build();
            _app.Run(async context =>
            {
                using var text = new StreamReader(context.Request.Body);
                var got = new GotWebhook(context.Request.Headers["webhook-id"]!, context.Request.Headers["webhook-timestamp"]!,
                    context.Request.Headers["webhook-signature"]!, await text.ReadToEndAsync());
                All.Enqueue(got);
                context.Response.StatusCode = await Answer(got);
                if (context.Response.StatusCode == 200) Taken.Enqueue(got);
            });
        }

        public ConcurrentQueue<GotWebhook> All { get; } = [];
        public ConcurrentQueue<GotWebhook> Taken { get; } = [];
        public Func<GotWebhook, Task<int>> Answer { get; set; } = _ => Task.FromResult(200);

        public async Task<string> Start()
        {
            await _app.StartAsync();
            return $"{_app.Urls.Single()}/hook?key=of-the-receiver";
        }

        public async ValueTask DisposeAsync()
        {
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
        }
    }

    /// <summary>How long a receiver is waited for.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    protected override void Add(IServiceCollection services) =>
        services
            .AddSingleton(new HttpsSettings { AllowPrivateAddresses = true, ConnectTimeout = Patience, TotalTimeout = Patience })
            .AddSingleton(new WebhookSettings { Idle = TimeSpan.FromMilliseconds(50) })
            .AddSingleton(new BackgroundSettings { SealingIdle = TimeSpan.FromMilliseconds(50) });

    /// <summary>From the database, by its own means: what the chain holds behind the webhook's beginning, in its order.</summary>
    async Task<IReadOnlyList<Guid>> Sealed(OrganizationId organization, long from) => await Here.Rows<Guid>(
        "select x.id from kernel.audit_seal s cross join lateral unnest(s.ids) with ordinality as x(id, n) where s.organization_id = @id "
            + "and s.no >= @from order by s.no, x.n", new { id = organization.Value, from });

    Task<long> Unsealed(OrganizationId organization) => Here.Scalar<long>("""
        select (select count(*) from kernel.audit_entry where organization_id = @id)
          - (select coalesce(sum(cardinality(ids)), 0) from kernel.audit_seal where organization_id = @id)
        """, new { id = organization.Value })!;

    /// <summary>By a receiver's library that others have written.</summary>
    static bool JudgedByTheStandard(string secret, GotWebhook got)
    {
        var headers = new HeaderDictionary
        {
            ["webhook-id"] = got.Id,
            ["webhook-timestamp"] = got.Timestamp,
            ["webhook-signature"] = got.Signature
        };
        try
        {
            new StandardWebhooks.StandardWebhook(secret).Verify(got.Body, headers);
            return true;
        }
        catch (StandardWebhooks.Diagnostics.WebhookVerificationException) { return false; }
    }

    /// <returns>The last of the accounts that were changed.</returns>
    async Task<AccountId> Change(OrganizationId organization, AccountId by, int count, string mark)
    {
        AccountId last = default;
        for (var i = 0; i < count; i++)
            await Here.Grant(new ClaimAccount(last = await Here.Account($"{mark}{i}@acme.example", $"{mark} {i}"), organization,
                "acme.example", true, By(by)));
        return last;
    }

    [Fact, Trait("Rule", "L3")]
    public async Task A_receiver_that_is_down_slow_or_broken_gets_everything_in_order_once_it_is_back()
    {
        await using var receiver = new Receiver();
        await using var node = Here.AnotherNode(Add);
        var acme = await Here.Organization("acme");
        var ada = await Here.Admin(acme, "ada@acme.example");
        await Here.StartBackground();
        await node.StartBackground();
        var made = await Here.Grant(new CreateWebhook(acme, ada, await receiver.Start(), By(ada)));
        var from = await Here.Scalar<long>("select no from directory.webhook");
        var broken = 0;
        receiver.Answer = async got =>
        {
            switch (Interlocked.Increment(ref broken))
            {
                case 1: return 500;
                case 2:
                    await Task.Delay(2 * Patience);
                    return 200;
                default: return 200;
            }
        };
        await Change(acme, ada, 30, "first");
        await Here.Until(() => Task.FromResult(!receiver.All.IsEmpty), TimeSpan.FromMinutes(3));
        // While the first one waits to be sent again, more is written.
        await Change(acme, ada, 150, "second");
        await TestInstallation.Others(async () => await Unsealed(acme) == 0, TimeSpan.FromMinutes(3));
        for (var i = 0; i < 200 && receiver.Taken.Sum(t => t.Events.Count) < 180; i++)
        {
            Here.Clock.Pass(TimeSpan.FromSeconds(61));
            await Task.Delay(200);
        }
        await Here.Until(async () => (await Here.Send(new ReadWebhooks(acme))).Single().Waiting == 0, TimeSpan.FromMinutes(3));
        // What a receiver keeps that knows deliveries by their id: it may have taken one whose answer came too late.
        var kept = receiver.Taken.DistinctBy(t => t.Id).SelectMany(t => t.Events).ToList();
        kept.ShouldBe(await Sealed(acme, from));
        kept.Count.ShouldBeGreaterThanOrEqualTo(180);
        foreach (var tries in receiver.All.GroupBy(t => t.Id))
            tries.Select(t => t.Body).Distinct().Count().ShouldBe(1, "a delivery that is tried again says the same");
        receiver.All.GroupBy(t => t.Id).Max(g => g.Count()).ShouldBe(3);
        var key = Convert.FromBase64String(made.Secret["whsec_".Length..]);
        foreach (var got in receiver.All)
        {
            var signed = Encoding.UTF8.GetBytes($"{got.Id}.{got.Timestamp}.{got.Body}");
            got.Signature.ShouldBe($"v1,{Convert.ToBase64String(new HMACSHA256(key).ComputeHash(signed))}");
        }
        receiver.All.ShouldAllBe(got => got.Events.Count <= 100);
        var log = (await Here.Grant(new ReadWebhook(acme, made.Webhook.Id))).Tries;
        log.Count.ShouldBe(receiver.All.Count);
        log.Count(t => t.Failure != null).ShouldBe(2);
    }

    [Fact, Trait("Rule", "L3"), Trait("Rule", "S8")]
    public async Task Only_the_own_organization_is_sent_and_a_delivery_can_be_sent_again()
    {
        await using var receiver = new Receiver();
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var ada = await Here.Admin(acme, "ada@acme.example");
        await Here.StartBackground();
        var made = await Here.Grant(new CreateWebhook(acme, ada, await receiver.Start(), By(ada)));
        await Change(acme, ada, 3, "own");
        var other = await Here.Account("other@globex.example", managedBy: globex);
        await Here.Until(() => Task.FromResult(receiver.Taken.Sum(t => t.Events.Count) >= 4), TimeSpan.FromMinutes(3));
        // A try is written down once its answer is there, a moment after the receiver has it.
        await Here.Until(async () => (await Here.Grant(new ReadWebhook(acme, made.Webhook.Id))).Tries.Count == receiver.All.Count,
            TimeSpan.FromMinutes(3));
        // As the API spells them.
        receiver.Taken.SelectMany(t => JsonDocument.Parse(t.Body).RootElement.GetProperty("events").EnumerateArray())
            .ShouldAllBe(e => e.GetProperty("action").GetString()!.All(c => char.IsAsciiLetterLower(c) || c == '_'));
        receiver.Taken.ShouldAllBe(t => t.Body.Contains($"{acme}") && !t.Body.Contains($"{globex}") && !t.Body.Contains($"{other}"));
        receiver.All.ShouldAllBe(got => JudgedByTheStandard(made.Secret, got));
        var spoiled = receiver.All.First();
        foreach (var bad in (GotWebhook[])[spoiled with { Body = $"{spoiled.Body} " }, spoiled with { Id = $"{spoiled.Id}x" },
            spoiled with { Timestamp = $"{long.Parse(spoiled.Timestamp, CultureInfo.InvariantCulture) - 1}" },
            spoiled with { Signature = "v1,AAAA" }])
            JudgedByTheStandard(made.Secret, bad).ShouldBeFalse("or the judge judges nothing");
        JudgedByTheStandard($"whsec_{Convert.ToBase64String(new byte[24])}", spoiled).ShouldBeFalse();
        var first = (await Here.Grant(new ReadWebhook(acme, made.Webhook.Id))).Tries[^1];
        (await Here.Refuse(new SendAgain(globex, made.Webhook.Id, first.Id, By(ada)))).ShouldBe(new NotFound("webhook"));
        (await Here.Refuse(new ReadWebhook(globex, made.Webhook.Id))).ShouldBe(new NotFound("webhook"));
        (await Here.Refuse(new DeleteWebhook(globex, made.Webhook.Id, By(ada)))).ShouldBe(new NotFound("webhook"));
        var before = receiver.All.First();
        var again = await Here.Grant(new SendAgain(acme, made.Webhook.Id, first.Id, By(ada)));
        (again.Delivery, again.Failure, again.ByHand).ShouldBe((first.Delivery, null, true));
        receiver.All.Last(g => g.Id == before.Id).Body.ShouldBe(before.Body);
        // Paused: nothing is sent, nothing is lost.
        await Here.Grant(new PauseWebhook(acme, made.Webhook.Id, true, By(ada)));
        var meanwhile = await Change(acme, ada, 2, "meanwhile");
        await TestInstallation.Others(async () => await Unsealed(acme) == 0, TimeSpan.FromMinutes(3), "entries are not sealed");
        await Task.Delay(500); // ten looks
        receiver.Taken.ShouldNotContain(t => t.Body.Contains($"{meanwhile}"));
        await Here.Grant(new PauseWebhook(acme, made.Webhook.Id, false, By(ada)));
        await Here.Until(() => Task.FromResult(receiver.Taken.Any(t => t.Body.Contains($"{meanwhile}"))), TimeSpan.FromMinutes(3));
        // The log tells of the webhook, without what may be a secret in its address, and the secret is not readable in the database.
        (await Here.Scalar<string>("select after::text from kernel.audit_entry where action = 'WebhookCreated'"))!
            .ShouldNotContain("of-the-receiver");
        (await Here.Scalar<string>("select w::text from directory.webhook w"))!.ShouldNotContain(made.Secret["whsec_".Length..]);
    }

    [Fact, Trait("Rule", "L3"), Trait("Rule", "R2")]
    public async Task A_webhook_of_a_node_that_is_frozen_goes_on_when_its_lease_is_over_and_not_before()
    {
        await using var receiver = new Receiver();
        var acme = await Here.Organization("acme");
        var ada = await Here.Admin(acme, "ada@acme.example");
        await Here.Grant(new CreateWebhook(acme, ada, await receiver.Start(), By(ada)));
        await Here.Scalar<int>(
            "update directory.webhook set holder = gen_random_uuid(), leased_until = clock_timestamp() + interval '3 seconds'");
        var until = await Here.Scalar<DateTime>("select leased_until from directory.webhook");
        await Here.StartBackground();
        await TestInstallation.Others(() => Task.FromResult(!receiver.All.IsEmpty), TimeSpan.FromMinutes(3), "nothing was sent");
        (await Here.Scalar<DateTime>("select clock_timestamp()")).ShouldBeGreaterThan(until);
    }

    [Fact, Trait("Rule", "L3"), Trait("Rule", "R2")]
    public async Task A_node_that_lost_the_webhook_while_it_waited_for_the_receiver_crosses_nothing_off()
    {
        await using var receiver = new Receiver();
        var acme = await Here.Organization("acme");
        var ada = await Here.Admin(acme, "ada@acme.example");
        receiver.Answer = async _ =>
        {
            // As if the node had stood still meanwhile, and another had taken over.
            if (receiver.All.Count == 1)
                await Here.Scalar<int>(
                    "update directory.webhook set holder = gen_random_uuid(), leased_until = clock_timestamp() + interval '1 second'");
            return 200;
        };
        await Here.Grant(new CreateWebhook(acme, ada, await receiver.Start(), By(ada)));
        var from = await Here.Scalar<long>("select no from directory.webhook");
        await Here.StartBackground();
        await TestInstallation.Others(() => Task.FromResult(receiver.Taken.Count > 1), TimeSpan.FromMinutes(3), "it was not sent again");
        receiver.Taken.Take(2).Select(t => (t.Id, t.Body)).Distinct().Count().ShouldBe(1);
        await TestInstallation.Others(async () => await Unsealed(acme) == 0
            && (await Here.Send(new ReadWebhooks(acme))).Single().Waiting == 0, TimeSpan.FromMinutes(3), "something was left");
        receiver.Taken.DistinctBy(t => t.Id).SelectMany(t => t.Events).ShouldBe(await Sealed(acme, from));
    }

    [Fact, Trait("Rule", "L3")]
    public async Task Slow_receivers_of_one_organization_leave_room_for_another_s()
    {
        await using Receiver slow = new(), quick = new();
        await using var node = Here.AnotherNode(services =>
        {
            Add(services);
            // Nobody gives up on the slow ones while the test lasts.
            services.AddSingleton(new HttpsSettings { AllowPrivateAddresses = true, TotalTimeout = TimeSpan.FromMinutes(10) });
        });
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var (ada, gus) = (await Here.Admin(acme, "ada@acme.example"), await Here.Admin(globex, "gus@globex.example"));
        var answers = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        slow.Answer = _ => answers.Task;
        var address = await slow.Start();
        for (var i = 0; i < 8; i++) await Here.Grant(new CreateWebhook(acme, ada, $"{address}&no={i}", By(ada)));
        await node.StartBackground();
        await TestInstallation.Others(() => Task.FromResult(slow.All.Count >= 4), TimeSpan.FromMinutes(3), "too few were sent");
        await Here.Grant(new CreateWebhook(globex, gus, await quick.Start(), By(gus)));
        await TestInstallation.Others(() => Task.FromResult(!quick.Taken.IsEmpty), TimeSpan.FromMinutes(3), "the other one had to wait");
        slow.All.Count.ShouldBe(4, "the rest waits for a place");
        answers.SetResult(200);
        await TestInstallation.Others(() => Task.FromResult(slow.Taken.DistinctBy(t => t.Id).Count() >= 8), TimeSpan.FromMinutes(3),
            "the rest was not sent");
    }

    [Theory, Trait("Rule", "L3")]
    [InlineData(null), InlineData(" "), InlineData("example.com/hook"), InlineData("ftp://example.com/"), InlineData("http://example.com/"),
        InlineData("https://user:secret@example.com/"), InlineData("javascript:alert(1)")]
    public async Task An_address_that_cannot_be_sent_to_is_refused_in_words(string? url)
    {
        await using var careful = Here.AnotherNode();
        var acme = await Here.Organization("acme");
        var ada = await Here.Admin(acme, "ada@acme.example");
        (await careful.Refuse(new CreateWebhook(acme, ada, url, By(ada)))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("url");
    }

    [Theory, Trait("Rule", "L3")]
    [InlineData("https://127.0.0.1/"), InlineData("https://[::1]/"), InlineData("https://10.1.2.3/"),
        InlineData("https://169.254.169.254/latest"), InlineData("https://localhost/"), InlineData("https://[::ffff:127.0.0.1]/"),
        InlineData("https://0x7f000001/")]
    public async Task The_inner_network_is_not_reached(string url)
    {
        await using var careful = Here.AnotherNode();
        var answer = await careful.Services.GetRequiredService<IOutsideHttp>()
            .Post(new Uri(url), [], new Dictionary<string, string>(), CancellationToken.None);
        (answer.Status, answer.Failure!.EndsWith("has no public address.")).ShouldBe((null, true));
    }

    [Fact, Trait("Rule", "L3")]
    public async Task Ten_are_the_most_even_at_once()
    {
        var acme = await Here.Organization("acme");
        var ada = await Here.Admin(acme, "ada@acme.example");
        var made = await Task.WhenAll(Enumerable.Range(0, 15)
            .Select(i => Here.Send(new CreateWebhook(acme, ada, $"https://receiver.example/{i}", By(ada)))));
        (made.Count(m => m.Granted), made.Count(m => m.Refusal is TooManyWebhooks)).ShouldBe((10, 5));
    }
}
