using System.Net;
using System.Net.Sockets;
using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DirectoryPlatform.Tests.Host;

/// <summary>A node that is told to stop lets everybody end what they began.</summary>
[Trait("Rule", "R2")]
[Collection(Programs.Name)]
public sealed class StopInGoodOrder : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    string _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Fresh(nameof(StopInGoodOrder), TestInstallation.Migrate);

    public Task DisposeAsync() => TestDatabase.Drop(_database);

    [Fact]
    public async Task It_says_so_first_answers_what_is_in_flight_and_leaves_the_cluster_last()
    {
        await using var here = TestInstallation.On(_database);
        var acme = await here.Organization("acme");
        await here.VerifiedDomain(acme, "acme.example");
        var (ada, liam) = (await here.Admin(acme, "ada@acme.example"), await here.Account("liam@acme.example", managedBy: acme));
        var key = await here.Grant(new CreateApiKey(acme, ada, "Program", [.. ApiScopes.All.Select(s => s.Name())], 7,
            new Origin(ada.Value, "test", RequestId: "key")));
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        using var node = HostProcess.StartNode(_database, address.OriginalString, ("Stop__DrainSeconds", "2"));
        using var client = new HttpClient { BaseAddress = address, Timeout = Patience };
        await TestInstallation.Others(async () => await Says(client) is "Healthy", Patience, "it is not ready");
        (await Answer(client, "/health/ready")).Headers.ConnectionClose.ShouldNotBe(true, "the twin: it stays open");
        (await here.Scalar<long>("select count(*) from orleans.silo where status = 3")).ShouldBe(1);

        // A command that waits for a row.
        await using var own = NpgsqlDataSource.Create(_database);
        await using var connection = await own.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select from accounts.account where id = $1 for update", connection))
        {
            hold.Parameters.AddWithValue(liam.Value);
            await hold.ExecuteNonQueryAsync();
        }
        using var program = new HttpClient { BaseAddress = address, Timeout = Patience };
        program.DefaultRequestHeaders.Authorization = new("Bearer", key.Secret);
        var command = program.PostAsync($"/users/{liam}/manage/lifecycle/disable", null);
        await TestInstallation.Others(async () => await here.Scalar<long>(
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0, Patience,
            "nobody waits for the row");

        node.Terminate();
        await TestInstallation.Others(async () => (await Says(client))?.Split('\n')[0] is "Unhealthy", Patience,
            "it does not say that it stops");
        using (var last = await Answer(client, "/sign-in"))
        {
            last.StatusCode.ShouldBe(HttpStatusCode.OK, "it still answers");
            last.Headers.ConnectionClose.ShouldBe(true);
        }
        await TestInstallation.Others(async () => await Refuses(address), Patience, "it still takes connections");
        node.HasExited.ShouldBeFalse("a command is in flight");
        (await here.Scalar<long>("select count(*) from orleans.silo where status = 3")).ShouldBe(1, "the silo is there as long as anybody");
        await transaction.RollbackAsync();
        using (var done = await command) done.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await node.Ends(Patience)).ShouldBe(0);
        (await here.Scalar<long>("select count(*) from orleans.silo where status = 3")).ShouldBe(0);
        (await here.Scalar<long>("select count(*) from kernel.node")).ShouldBe(0, "it has signed off");
        (await here.Scalar<long>("select version from accounts.account where id = @id", new { id = liam.Value })).ShouldBe(3);
    }

    [Fact]
    public async Task Its_first_pages_are_made_before_it_is_ready()
    {
        await using var here = TestInstallation.On(_database);
        using var log = LoggerFactory.Create(_ => { });
        var lifetime = new ApplicationLifetime(log.CreateLogger<ApplicationLifetime>());
        var (asked, go) = (new List<string>(), new TaskCompletionSource());
        using var warm = new WarmUp(here.Services.GetRequiredService<IServiceScopeFactory>(),
            here.Services.GetRequiredService<NpgsqlDataSource>(), new(new("https://directory.acme.example")), lifetime,
            log.CreateLogger<WarmUp>())
        {
            Pipeline = async http =>
            {
                asked.Add($"{http.Request.Method} {http.Request.Scheme}://{http.Request.Host}{http.Request.Path}");
                http.RequestServices.GetRequiredService<IMediator>().ShouldNotBeNull();
                await go.Task;
            },
        };
        await warm.StartAsync(default);
        (await warm.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Unhealthy);
        asked.ShouldBeEmpty("it does not listen yet");
        lifetime.NotifyStarted();
        await TestInstallation.Others(() => Task.FromResult(asked.Count == 1), Patience);
        (await warm.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Unhealthy);
        go.SetResult();
        await warm.ExecuteTask!.WaitAsync(Patience);
        (await warm.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Healthy);
        asked.ShouldContain("GET https://directory.acme.example/sign-in");
        asked.ShouldContain("GET https://directory.acme.example/api/me");
    }

    [Fact]
    public async Task Who_has_connected_is_heard_and_who_comes_then_goes_elsewhere()
    {
        var sockets = new ListeningSockets();
        using var listening = sockets.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        var address = (IPEndPoint)listening.LocalEndPoint!;
        using var first = new TcpClient();
        await first.ConnectAsync(address);
        sockets.TurnAway().ShouldBeTrue();
        await first.GetStream().WriteAsync(Encoding.ASCII.GetBytes("words"));
        using var second = new TcpClient();
        var late = second.ConnectAsync(address);
        await Task.Delay(300);
        late.IsCompleted.ShouldBeFalse("nobody is told anything");
        using (var taken = await listening.AcceptAsync())
        {
            var heard = new byte[5];
            (await taken.ReceiveAsync(heard)).ShouldBe(5);
        }
        listening.Close();
        var refused = await Should.ThrowAsync<SocketException>(() => late.WaitAsync(Patience));
        refused.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Theory]
    [InlineData(null, false, 2.0)]
    [InlineData(null, true, 0.0)]
    [InlineData("0.5", true, 0.5)]
    [InlineData("-1", false, null)]
    [InlineData("soon", false, null)]
    public void How_long_it_waits_is_a_setting(string? text, bool isEmbedded, double? seconds)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Stop:DrainSeconds", text)]).Build();
        if (seconds is { } of) StopSettings.From(settings, isEmbedded).Drain.ShouldBe(TimeSpan.FromSeconds(of));
        else Should.Throw<StartRefused>(() => StopSettings.From(settings, isEmbedded)).Message.ShouldContain(text!);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:11111")]
    [InlineData("127.0.0.1:7000", "127.0.0.1:7000")]
    [InlineData("[::1]:7000", "[::1]:7000")]
    [InlineData("0.0.0.0", null)]
    [InlineData("192.0.2.77", null)]
    [InlineData("node-1", null)]
    public void A_silo_s_address_is_one_of_this_machine(string text, string? address)
    {
        if (address is not null) $"{ClusterConfiguration.Address(text)}".ShouldBe(address);
        else Should.Throw<StartRefused>(() => ClusterConfiguration.Address(text)).Message.ShouldContain(text);
    }

    static Task<HttpResponseMessage> Answer(HttpClient client, string path) => client.GetAsync(path);

    static async Task<string?> Says(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health/ready");
            return await answer.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException) { return null; }
    }

    static async Task<bool> Refuses(Uri address)
    {
        using var client = new TcpClient();
        try { await client.ConnectAsync(IPAddress.Loopback, address.Port); }
        catch (SocketException) { return true; }
        return false;
    }
}
