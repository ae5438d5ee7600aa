using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains.Internal.Https;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Host;

/// <summary>The real program with an OTLP receiver: what it sends moves with what is done, hangs together, and tells nothing of anybody.
/// The dashboard and the alarms ask for what there is.</summary>
[Trait("Rule", "R6")]
[Collection(Programs.Name)]
public sealed partial class SendTelemetry : IAsyncLifetime
{
    const string Password = "violet lantern orbit", Admits = "T0AB1/wYz8secretpath", Stranger = "4bf92f3577b34da6a3ce929d0e0e4736";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    string _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Fresh(nameof(SendTelemetry), TestInstallation.Migrate);

    public Task DisposeAsync() => TestDatabase.Drop(_database);

    [Fact, Trait("Rule", "R12")]
    public async Task Series_move_traces_hang_together_and_logs_name_the_request()
    {
        await using var receiver = await OtlpReceiver.Start();
        await using var here = TestInstallation.On(_database,
            services => services.AddSingleton(new HttpsSettings { AllowPrivateAddresses = true }));
        var acme = await here.Organization("acme");
        var ada = await here.Admin(acme, "ada@acme.example");
        var liam = await here.Account("liam@acme.example", "Liam Watched", managedBy: acme);
        await here.Grant(new GivePassword([ada], Password));
        var by = new Origin(ada.Value, "test", RequestId: "furnish");
        var key = await here.Grant(new CreateApiKey(acme, ada, "Program", [.. ApiScopes.All.Select(s => s.Name())], 7, by));
        await here.Grant(new CreateWebhook(acme, ada, $"{receiver.Address}/{Admits}", by));
        using var smtp = MailServer.Start();
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        // Logs by gRPC, the rest by HTTP; the console's lines as JSON.
        using var node = HostProcess.StartHeard(["--no-demo", "--urls", address.OriginalString],
            ("ConnectionStrings__Directory", _database), ("Doors__Times", "100000"), ("Logging__LogLevel__Default", "Warning"),
            ("Logging__Console__FormatterName", "json"), ("Logging__Console__FormatterOptions__IncludeScopes", "true"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", receiver.GrpcAddress), ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "grpc"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "400"), ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=node-a,deployment.environment=test"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "200"), ("Api__Burst", "30"), ("Api__RequestsPerSecond", "1"),
            ("Domains__Https__AllowPrivateAddresses", "true"),
            ("Mail__Smtp__Host", "127.0.0.1"), ("Mail__Smtp__Port", $"{smtp.Port}"), ("Mail__Smtp__StartTls", "false"));
        using var client = new HttpClient { BaseAddress = address };
        await TestInstallation.Others(async () =>
        {
            try { return await client.GetStringAsync("/health/ready") == "Healthy"; }
            catch (HttpRequestException) { return false; }
        }, Patience, "it is not ready");
        client.DefaultRequestHeaders.Authorization = new("Bearer", key.Secret);
        var broken = await Break(here, client, liam);

        // A command, a fact, a mail, a sign-in that is refused, and more requests than a key may make. Whoever asks not to be seen is.
        client.DefaultRequestHeaders.Add("traceparent", $"00-{Stranger}-00f067aa0ba902b7-00");
        // The first call of a grain on a busy machine is taken over by the direct turn; later ones find it.
        foreach (var way in (string[])["disable", "enable", "disable", "enable"])
            (await client.PostAsync($"/users/{liam}/manage/lifecycle/{way}", null)).Dispose();
        using var done = await client.PostAsync($"/users/{liam}/manage/lifecycle/disable", null);
        done.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var request = done.Headers.GetValues("X-Request-Id").Single();
        using (var wrong = await client.PostAsJsonAsync("/api/sign-in", new { email = "ada@acme.example", password = "wrong" }))
            wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // However slow the machine is.
        var limited = false;
        for (var watch = Stopwatch.StartNew(); !limited && watch.Elapsed < Patience;)
        {
            using var answer = await client.GetAsync($"/users/{liam}/manage/profile");
            limited = answer.StatusCode == HttpStatusCode.TooManyRequests;
        }
        limited.ShouldBeTrue();

        string[] moving =
        [
            "directory.command.duration{command=DeactivateAccount,outcome=granted}",
            "directory.turns{state=Account,way=grain}", "directory.gate.answers{answer=in}", "directory.gate.answers{answer=limited}",
            "directory.facts.delivered{fact=AccountDeactivated}", "directory.limits.refused{limit=key}",
            "directory.mails{outcome=sent}", "directory.webhook.deliveries{outcome=taken}",
        ];
        string[] told =
        [
            "directory.outbox.waiting{}", "directory.outbox.oldest{}", "directory.audit.unsealed.oldest{}", "directory.mail.waiting{}",
            "directory.jobs.open{}", "directory.nodes{}",
        ];
        IReadOnlyList<string> Missing() =>
        [
            .. moving.Where(s => !(receiver.Series.GetValueOrDefault(s)?[^1] > 0)), .. told.Where(s => !receiver.Series.ContainsKey(s)),
            .. receiver.Series.GetValueOrDefault("directory.nodes{}")?.Contains(1) is true ? Array.Empty<string>() : ["one node"],
            .. receiver.Spans.Any(s => s.Tags.GetValueOrDefault(IdName) == request) ? Array.Empty<string>() : ["request"],
            .. broken.Where(id => !receiver.Logs.Any(l => IsOf(id, l.Tags)
                && receiver.Spans.Any(s => s.Trace == l.Trace && IsOf(id, s.Tags)))).Select(id => $"log and trace of {id}"),
            .. receiver.Spans.Any(s => s.Name == "deliver AccountDeactivated") ? Array.Empty<string>() : ["delivery"],
            .. receiver.Spans.Any(s => s.Tags.GetValueOrDefault("url.full") == receiver.Address) ? Array.Empty<string>() : ["webhook"],
        ];
        for (var watch = Stopwatch.StartNew(); Missing().Count > 0; await Task.Delay(100))
            if (watch.Elapsed > Patience)
                throw new Xunit.Sdk.XunitException(string.Join('\n',
                    [.. Missing(), "came:", .. receiver.Series.Keys.Where(k => k.StartsWith("directory.")).Order()]));
        (receiver.Resource["service.name"], receiver.Resource["service.version"]).ShouldBe(("directory-platform", ProductVersion.Number));
        (receiver.Resource.GetValueOrDefault("vcs.ref.head.revision"), receiver.Resource.GetValueOrDefault("directory.build.day"))
            .ShouldBe((ProductVersion.Commit, ProductVersion.Day));
        (receiver.Resource["service.instance.id"], receiver.Resource["deployment.environment"]).ShouldBe(("node-a", "test"));
        foreach (var id in broken) Printed(node.Said, id).ShouldContain("Error");
        receiver.Series.Keys.ShouldContain(k => k.StartsWith("directory.command.duration{") && k.Contains("outcome=wrongCredentials"));
        receiver.Series.Keys.ShouldContain(k => k.StartsWith("http.server.request.duration{"));
        receiver.Series.Keys.ShouldContain(k => k.StartsWith("dotnet."));

        // As Prometheus writes them: instruments that nothing has moved yet send nothing.
        var names = receiver.Names.Concat(typeof(Meters).GetProperties().Select(p => p.GetValue(null)).OfType<Instrument>()
            .Select(i => OtlpReceiver.NameOf(i.Name, i.Unit, i is Histogram<double> ? "_count" : "_total"))).ToHashSet();
        var asks = AsksFor("grafana.json").Concat(AsksFor("alerts.yml")).Distinct().ToList();
        asks.Count.ShouldBeGreaterThan(15);
        asks.Except(names).ShouldBeEmpty();

        // From the request over the command and the grain to the database, in one trace.
        var spans = receiver.Spans;
        var asked = spans.Single(s => s.Tags.GetValueOrDefault(IdName) == request);
        var trace = spans.Where(s => s.Trace == asked.Trace).ToList();
        var command = trace.Single(s => s.Name == "DeactivateAccount");
        command.Tags["directory.outcome"].ShouldBe("granted");
        Above(command).ShouldContain(asked.Id);
        var commands = spans.Where(s => s.Name is "DeactivateAccount" or "ReactivateAccount").Select(s => s.Trace).ToHashSet();
        spans.ShouldContain(s => commands.Contains(s.Trace) && s.Name.Contains("Grain"), string.Join('\n', spans.Select(s => s.Name)));
        trace.ShouldContain(s => s.Tags.ContainsKey("db.system.name") || s.Tags.ContainsKey("db.system"));
        // Nothing but requests and the product's own work begins a trace: loops that look for work say nothing.
        var ids = spans.Select(s => s.Id).ToHashSet();
        spans.Where(s => s.Parent.Length == 0).Select(s => s.Name.Split(' ')[0]).Distinct()
            .ShouldBeSubsetOf(["GET", "POST", "deliver", "mail", "job"]);
        spans.ShouldNotContain(s => s.Tags.GetValueOrDefault("url.path", "").StartsWith("/health"));

        var everything = receiver.Everything.ToString();
        foreach (var secret in (string[])[key.Secret, "acme.example", "Watched", Password, _database, Admits])
            everything.ShouldNotContain(secret);
        spans.ShouldNotContain(s => s.Trace == Stranger);

        IEnumerable<string> Above(OtlpReceiver.Span span)
        {
            for (var at = span; at is not null; at = trace.FirstOrDefault(s => s.Id == at.Parent)) yield return at.Parent;
        }
    }

    static bool IsOf(string request, IReadOnlyDictionary<string, string> tags) => tags.GetValueOrDefault(IdName) == request;

    const string IdName = "directory.request.id";

    /// <summary>A page and an answer that break, and the ids by which a person and a program tell of it.</summary>
    static async Task<IReadOnlyList<string>> Break(TestInstallation here, HttpClient program, AccountId account)
    {
        (string Schema, string Table)[] taken = [("sites", "invitation"), ("security", "api_token")];
        foreach (var (schema, table) in taken) await here.Scalar<int>($"alter table {schema}.{table} rename to taken");
        using var person = new HttpClient { BaseAddress = program.BaseAddress };
        using var page = await person.GetAsync("/invitation?token=none");
        using var answer = await program.GetAsync($"/users/{account}/manage/api-tokens");
        foreach (var (schema, table) in taken) await here.Scalar<int>($"alter table {schema}.taken rename to {table}");
        (page.StatusCode, answer.StatusCode).ShouldBe((HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError));
        var shown = ShownId().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
        shown.ShouldBe(page.Headers.GetValues("X-Request-Id").Single());
        return [shown, answer.Headers.GetValues("X-Request-Id").Single()];
    }

    [GeneratedRegex("request ID <code>([0-9a-f]{32})</code>")]
    private static partial Regex ShownId();

    /// <summary>The levels of the lines that the console has for a request.</summary>
    static IEnumerable<string?> Printed(string said, string request) => said.Split('\n')
        .Where(line => line.StartsWith('{') && line.Contains(request, StringComparison.Ordinal))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Where(line => line.GetProperty("Scopes").EnumerateArray().Any(scope => scope.ValueKind is JsonValueKind.Object
            && scope.TryGetProperty(IdName, out var id) && id.GetString() == request))
        .Select(line => line.GetProperty("LogLevel").GetString());

    /// <summary>A histogram by its count, whichever of its series is asked for.</summary>
    static IEnumerable<string> AsksFor(string file) =>
        Asked().Matches(File.ReadAllText(Path.Combine(Checkout.Root.FullName, "docs", "operate", file)))
            .Select(m => m.Value.Replace("_bucket", "_count", StringComparison.Ordinal));

    [GeneratedRegex(@"\b(directory|http_server|dotnet)_[a-z_]+(?=[^a-z_])")]
    private static partial Regex Asked();

    [Fact]
    public void A_node_keeps_its_name_over_starts_and_shares_it_with_no_other()
    {
        var (alone, cluster) = (new ConfigurationBuilder().Build(), new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["Cluster:Address"] = "10.0.0.11" }).Build());
        Watching.Instance(cluster, "http://10.0.0.11:5080").ShouldBe("10.0.0.11");
        ((string[])["http://localhost:5080", "http://127.0.0.1:5081;http://[::1]:5081"]).Select(urls => Watching.Instance(alone, urls))
            .ShouldBe([$"{Environment.MachineName}:5080", $"{Environment.MachineName}:5081"]);
    }

    [Fact]
    public void What_was_not_told_where_to_send_it_has_nothing_that_sends()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        Watching.Add(builder, new ConfigurationBuilder().Build(), "http://localhost:5080");
        builder.Services.ShouldNotContain(s => s.ServiceType.FullName!.Contains("OpenTelemetry"));
        var wrong = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4317",
            ["OTEL_TRACES_SAMPLER_ARG"] = "often",
        }).Build();
        Should.Throw<StartRefused>(() => Watching.Add(builder, wrong, "http://localhost:5080")).Message.ShouldContain("between 0 and 1");
    }
}
