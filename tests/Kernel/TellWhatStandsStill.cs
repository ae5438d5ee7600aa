using System.Net;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Kernel.Health;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Each kind of background work, really held up, is told by <c>/health/ready</c> with its reason, and no longer once it moves.
/// Only the sentence of that kind is looked for: tests beside this one hold sealing back for all databases of the server.</summary>
[Trait("Rule", "R6")]
public sealed class TellWhatStandsStill : OnInstallation
{
    static readonly StalledWorkSettings Soon = new() { After = TimeSpan.FromSeconds(1), Every = TimeSpan.FromMilliseconds(50) };

    protected override void Add(IServiceCollection services) => services.AddSingleton(Soon);

    [Fact]
    public async Task An_outbox_that_nobody_delivers_from()
    {
        await using var app = await Probed(Here);
        using var probe = app.GetTestClient();
        await using var holder = await Connection();
        await holder.ExecuteAsync("select pg_advisory_lock(@LockKey)", new { OutboxDelivery.LockKey });
        await Here.StartBackground();
        await Here.Account("liam@acme.example");
        await Until(probe, "The outbox stands still for ", said: true);
        await holder.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { OutboxDelivery.LockKey });
        await Until(probe, "The outbox", said: false);
    }

    [Fact]
    public async Task Sealing_that_an_open_transaction_holds_back()
    {
        await using var app = await Probed(Here);
        using var probe = app.GetTestClient();
        await using var holder = await Connection();
        await using var transaction = await holder.BeginTransactionAsync();
        await holder.ExecuteAsync("select pg_current_xact_id()");
        await Here.StartBackground();
        await Here.Account("liam@acme.example");
        await Until(probe, "Sealing of the audit log stands still for ", said: true);
        await transaction.RollbackAsync();
        await Until(probe, "Sealing", said: false);
    }

    [Fact]
    public async Task A_job_whose_ranges_nobody_takes()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Seed("acme.example", 20);
        var draft = await Here.Grant(new BeginClaim(acme, domain, null, TestInstallation.Console));
        var job = await Here.Grant(new ConfirmBulk(acme, draft, null, null, false, false, null, TestInstallation.Console));
        await using var app = await Probed(Here);
        using var probe = app.GetTestClient();
        await using var holder = await Connection();
        await using var transaction = await holder.BeginTransactionAsync();
        await holder.ExecuteAsync("select from kernel.job_range for update");
        await Here.StartBackground();
        await Until(probe, "A job stands still for ", said: true);
        await transaction.RollbackAsync();
        await Until(probe, "A job", said: false);
        await TestInstallation.Others(async () => (await Here.Grant(new ReadJob(acme.Value, job))).State is JobState.Done);
    }

    [Fact]
    public async Task A_mail_server_that_refuses_everything_but_not_one_that_refuses_a_recipient_for_now()
    {
        using var server = MailServer.Start();
        await using var node = Here.AnotherNode(services => services.AddSingleton(Soon)
            .AddSingleton(new MailSettings { Host = "localhost", Port = server.Port, StartTls = false }));
        await using var app = await Probed(node);
        using var probe = app.GetTestClient();
        server.Answer("MAIL", "550 5.7.1 No such sender here");
        await Queue(node, "liam@acme.example");
        await node.StartBackground();
        await Until(probe, " s: the mail server cannot be used.", said: true);
        (await Said(probe)).ShouldMatch(@"(?m)^The mail queue stands still for \d+ s: the mail server cannot be used\.$");
        server.Answer("grace@acme.example", "451 4.7.1 Try again later");
        node.Clock.Pass(MailSending.WithoutServer + TimeSpan.FromSeconds(1));
        await TestInstallation.Others(() => Task.FromResult(server.Mails.Count > 0), what: "nothing is sent");
        server.Mails.ShouldHaveSingleItem().To.ShouldBe(["liam@acme.example"]);
        await Until(probe, "The mail queue", said: false);
        await Queue(node, "grace@acme.example");
        await TestInstallation.Others(async () => await Here.Scalar<long>("select count(*) from kernel.mail where attempts > 0") == 1);
        await Task.Delay(Soon.After * 2);
        (await Said(probe)).ShouldNotContain("The mail queue");
    }

    [Fact]
    public async Task Emails_for_which_no_mail_server_is_set()
    {
        await using var node = Here.AnotherNode(services => services.AddSingleton(Soon).AddSingleton(new MailSettings()));
        await using var app = await Probed(node);
        using var probe = app.GetTestClient();
        await node.StartBackground();
        await Queue(node, "liam@acme.example");
        await Until(probe, " s: no mail server is set (Mail:Smtp:Host).", said: true);
    }

    /// <summary>Twenty are borrowed at once; the next one is first in the queue until all of them are sent.</summary>
    [Fact]
    public async Task But_no_emails_that_wait_behind_others_which_a_slow_server_takes()
    {
        using var server = MailServer.Start();
        server.Answer("*", "wait 0.4");
        await using var node = Here.AnotherNode(services => services.AddSingleton(Soon with { After = TimeSpan.FromSeconds(4) })
            .AddSingleton(new MailSettings { Host = "localhost", Port = server.Port, StartTls = false }));
        await using var app = await Probed(node);
        using var probe = app.GetTestClient();
        await Queue(node, [.. Enumerable.Range(0, 22).Select(i => $"n{i}@acme.example")]);
        await node.StartBackground();
        await TestInstallation.Others(async () =>
        {
            (await Said(probe)).ShouldNotContain("The mail queue");
            return server.Mails.Count == 22;
        }, TimeSpan.FromMinutes(1), "the emails are not sent");
    }

    /// <summary>A chunk that lasts as long as the test says. Its range's row is locked meanwhile, and nobody renews the lease.</summary>
    sealed class LongChunk(Task end) : IBulkJob
    {
        public string Kind => "long chunk";

        public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
        {
            await end.WaitAsync(ct);
            return new([Guid.CreateVersion7()], ["done"], null, []);
        }
    }

    [Fact]
    public async Task And_no_ranges_that_wait_for_a_place_while_chunks_outlast_their_leases()
    {
        const int all = JobKeeper.AtOnce + 2;
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var node = Here.AnotherNode(services => services.AddSingleton(Soon)
            .AddSingleton<IBulkJob>(new LongChunk(end.Task)));
        await using var app = await Probed(node);
        using var probe = app.GetTestClient();
        await node.StartBackground();
        var job = new JobId(Guid.CreateVersion7());
        (await node.Services.GetRequiredService<JobStore>().Insert(new(job, "long chunk", Guid.CreateVersion7(), "Long chunks", "{}",
            TestInstallation.Console, all, [.. Enumerable.Range(0, all).Select(_ => new JobRange(null, Guid.CreateVersion7()))]), default))
            .ShouldBeTrue();
        await Until(probe, $": {JobKeeper.AtOnce} parts.", said: true);
        var longer = node.Services.GetRequiredService<BackgroundSettings>().Lease + Soon.After * 2;
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); watch.Elapsed < longer; await Task.Delay(100))
            (await Said(probe)).ShouldNotContain($": {all} parts.");
        end.SetResult();
        await Until(probe, "A job", said: false);
        await TestInstallation.Others(async () => await Here.Scalar<short>("select state from kernel.job") == 4,
            what: "the job did not end");
    }

    async Task<NpgsqlConnection> Connection()
    {
        var connection = new NpgsqlConnection(Here.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    static Task Queue(TestInstallation node, params string[] addresses) => node.Services.GetRequiredService<MailQueue>()
        .Send([.. addresses.Select(a => new OutgoingMail(a, "A subject", "Some words."))], CancellationToken.None);

    /// <summary>What the host maps, in front of a node's background work.</summary>
    static async Task<WebApplication> Probed(TestInstallation node)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(node.Services.GetRequiredService<StalledWork>());
        builder.Services.AddHealthChecks().AddCheck<WorkGoesOn>("work");
        var app = builder.Build();
        app.MapHealthChecks("/health/ready", ReadyAnswer.Options);
        await app.StartAsync();
        return app;
    }

    static Task Until(HttpClient probe, string sentence, bool said) => TestInstallation.Others(
        async () => (await Said(probe)).Contains(sentence, StringComparison.Ordinal) == said, TimeSpan.FromMinutes(1),
        $"“{sentence}” is {(said ? "not said" : "still said")}");

    static async Task<string> Said(HttpClient probe)
    {
        using var answer = await probe.GetAsync("/health/ready");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, "it serves as before");
        var said = await answer.Content.ReadAsStringAsync();
        said.Split('\n')[0].ShouldBe(said.Contains('\n') ? "Degraded" : "Healthy");
        return said;
    }
}
