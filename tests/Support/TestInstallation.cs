using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Sites;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// All modules as the host composes them, on a lane of its own; without background work until <see cref="StartBackground"/>. What that work
/// would do can be had at once by <see cref="Quiet"/> and <see cref="Until"/>.
/// </summary>
public sealed class TestInstallation : IAsyncDisposable
{
    public static readonly Origin Console = new(null, "test");

    readonly IHost _host;
    readonly Lane? _lane;
    readonly NpgsqlDataSource? _pool;
    readonly bool _borrowed;
    readonly Started _any;
    bool _started;

    /// <summary>Whether some node of this database works by itself.</summary>
    sealed class Started
    {
        public volatile bool Yes;
    }

    TestInstallation(string connectionString, Lane? lane, bool borrowed, TestClock clock, Action<IServiceCollection>? more,
        Started? any = null)
    {
        (ConnectionString, _lane, _borrowed, Clock, _any) = (connectionString, lane, borrowed, clock, any ?? new());
        _pool = lane?.Pool();
        _host = new HostBuilder().ConfigureServices(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddSingleton(new PasswordSettings { Iterations = 10 });
            services.AddSingleton(new DoorSettings { Times = 100_000, Patience = TimeSpan.FromSeconds(30) });
            services.AddLogging(log => log.SetMinimumLevel(LogLevel.None));
            services.AddModules(new ConfigurationBuilder().Build(), connectionString, ownsDatabase: false, demo: true,
                new("http://localhost:5080"));
            if (_pool is not null) services.AddSingleton(_pool);
            // One more node has no silo: its turns are direct ones, as those of a node whose silo is gone.
            if (lane is not null && borrowed) services.AddSingleton(lane.Silo);
            services.AddTransient(typeof(MediatR.IPipelineBehavior<,>), typeof(AuditWatch<,>));
            more?.Invoke(services);
        }).Build();
    }

    public string ConnectionString { get; }
    public TestClock Clock { get; }
    public IServiceProvider Services => _host.Services;
    public IMediator Mediator => Services.GetRequiredService<IMediator>();

    /// <summary>Null on a database that a test has made for itself.</summary>
    internal Lane? Lane => _lane;

    /// <param name="name">The test that borrows.</param>
    public static async Task<TestInstallation> Fresh(string name, Action<IServiceCollection>? more = null)
    {
        var lane = await Lanes.Shared.Borrow(name);
        return new(lane.ConnectionString, lane, true, lane.Clock, more);
    }

    /// <summary>One more node on the same database, with the same clock.</summary>
    public TestInstallation AnotherNode(Action<IServiceCollection>? more = null) => new(ConnectionString, _lane, false, Clock, more, _any);

    public static TestInstallation On(string connectionString, Action<IServiceCollection>? more = null) =>
        new(connectionString, null, false, new TestClock(), more);

    public static Task Migrate(string connectionString) => Modules.Migrate(connectionString);

    /// <summary>Outbox, mail and jobs begin to run.</summary>
    public async Task StartBackground()
    {
        _any.Yes = _started = true;
        await _host.StartAsync();
    }

    /// <summary>They end, as when the process does; what was asked meanwhile stays as it is.</summary>
    public async Task StopBackground()
    {
        _started = false;
        await _host.StopAsync();
    }

    public Task<T> Send<T>(IRequest<T> request) => Mediator.Send(request);

    /// <summary>The value of an outcome that must be granted.</summary>
    public async Task<T> Grant<T>(IRequest<Outcome<T>> request) where T : notnull
    {
        var outcome = await Send(request);
        return outcome.Granted
            ? outcome.Value
            : throw new Xunit.Sdk.XunitException($"{request.GetType().Name} was refused: {outcome.Refusal}");
    }

    public async Task<Refusal> Refuse<T>(IRequest<Outcome<T>> request) where T : notnull =>
        (await Send(request)).Refusal ?? throw new Xunit.Sdk.XunitException($"{request.GetType().Name} was granted");

    public async Task<OrganizationId> Organization(string slug) =>
        (await Grant(new CreateOrganization(new(Guid.CreateVersion7()), slug, slug,
            Console with { RequestId = $"{Guid.NewGuid():N}" }))).Id;

    /// <summary>An organization whose people are all under these rules.</summary>
    public async Task<OrganizationId> OrganizationUnder(PolicyDraft rules)
    {
        var organization = await Organization("strict");
        await Grant(new ChangePolicy(organization, (await Send(new ReadPolicies(organization))).Single().Id, 1, rules, Console));
        return organization;
    }

    public async Task<AccountId> Account(string email, string name = "Some Body", bool verified = true, OrganizationId? managedBy = null)
    {
        var id = new AccountId(Guid.CreateVersion7());
        await Grant(new SignUpAccount(id, EmailAddress.Trusted(email), name, verified, null, Console));
        if (managedBy is { } by) await Grant(new ClaimAccount(id, by, email.Split('@')[1], true, Console));
        return id;
    }

    public async Task<AccountId> Admin(OrganizationId organization, string email)
    {
        var id = await Account(email);
        await Grant(new AppointOrganizationAdmin(id, organization, Console));
        return id;
    }

    /// <summary>Added, and its token published in the demo's zone; not looked for yet.</summary>
    public async Task<DomainId> PublishedDomain(OrganizationId organization, string name)
    {
        var id = await Grant(new AddDomain(organization, name, Console));
        var view = await Grant(new ReadDomain(organization, id));
        await Grant(new AddDemoRecord(view.DnsName, "TXT", view.DnsValue));
        return id;
    }

    /// <param name="name">Under .example.</param>
    public async Task<DomainId> VerifiedDomain(OrganizationId organization, string name, bool automatic = true)
    {
        var id = await PublishedDomain(organization, name);
        (await Grant(new VerifyDomain(organization, id, ProofMethod.Dns, Console))).State.ShouldBe(DomainState.Verified);
        await Grant(new ChooseDomainClaiming(id, organization, automatic, Console));
        return id;
    }

    public Task<long> Seed(string domain, int count, int seed = 1) =>
        Send(new SeedAccounts(new Population(domain, seed), count, Console, _ => Task.CompletedTask));

    /// <summary>A test may write hundreds of thousands of rows at once while others do.</summary>
    const int PatienceSeconds = 300;

    public async Task<T?> Scalar<T>(string sql, object? values = null)
    {
        await using var connection = await Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, values, commandTimeout: PatienceSeconds);
    }

    public async Task<IReadOnlyList<T>> Rows<T>(string sql, object? values = null)
    {
        await using var connection = await Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql, values, commandTimeout: PatienceSeconds)).AsList();
    }

    /// <summary>Asks again and again until the answer is as wanted; what background work would do is done meanwhile.</summary>
    public Task Until(Func<Task<bool>> holds, TimeSpan? atMost = null, string what = "what was waited for did not happen") =>
        Others(async () => await holds() || await Worked() && await holds(), atMost, what);

    /// <summary>The same while other processes work, or none does.</summary>
    public static async Task Others(Func<Task<bool>> hold, TimeSpan? atMost = null, string what = "what was waited for did not happen")
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !await hold(); await Task.Delay(20))
            if (watch.Elapsed > (atMost ?? TimeSpan.FromSeconds(30))) throw new TimeoutException(what);
    }

    async Task<bool> Worked()
    {
        await WorkNow();
        return true;
    }

    /// <summary>Until every fact was delivered and every job is done that can be.</summary>
    public Task Quiet() =>
        Until(async () => await Scalar<long>("select count(*) from kernel.outbox") == 0, what: "facts are still waiting");

    /// <summary>Delivers all facts, runs all jobs and sends all mails that are due now, unless some node's background does.</summary>
    public async Task WorkNow()
    {
        if (!_any.Yes) await BackgroundByHand.Run(Services);
    }

    /// <summary>Walks all ranges of a job, one after the other, as its workers would.</summary>
    public async Task Walk(JobId job, CancellationToken ct = default)
    {
        foreach (var range in await Rows<int>("select no from kernel.job_range where job_id = @Value order by no", new { job.Value }))
            await Services.GetRequiredService<JobWorker>().Run(job.Value, range, ct);
    }

    /// <summary>The secret in the link of the newest letter of this kind to an address; empty where there is none.</summary>
    /// <param name="template">The letter's name, "password-reset".</param>
    public async Task<string> TokenMailed(string recipient, string template) => await Scalar<string>("""
        select substring(letter->>'link' from 'token=([\w-]+)') from kernel.mail where recipient = @recipient and template = @template
        order by created_at desc, id desc limit 1
        """, new { recipient, template }) ?? "";

    public async ValueTask DisposeAsync()
    {
        if (_started) await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        if (_pool is not null) _lane!.GiveBack(_pool);
        if (_borrowed) await _lane!.GiveBack();
    }
}

/// <summary>A test class whose every test has a fresh installation.</summary>
[KnownByName]
public abstract class OnInstallation : IAsyncLifetime
{
    protected OnInstallation() => KnownByNameAttribute.Running.Value = this;

    protected TestInstallation Here { get; private set; } = null!;

    internal void IsCalled(string test) => Here.Lane?.IsHeldBy(test);

    /// <summary>Each with an id of its own, by which <see cref="AuditWatch"/> finds what it left.</summary>
    protected static Origin By(AccountId actor) => new(actor.Value, "test", RequestId: $"{Guid.NewGuid():N}");

    /// <summary>Somebody who is not signed in, or the installation's console, likewise.</summary>
    protected static Origin ByNobody => TestInstallation.Console with { RequestId = $"{Guid.NewGuid():N}" };

    protected virtual void Add(IServiceCollection services) { }

    public virtual async Task InitializeAsync() => Here = await TestInstallation.Fresh(GetType().Name, Add);

    public virtual async Task DisposeAsync() => await Here.DisposeAsync();
}
