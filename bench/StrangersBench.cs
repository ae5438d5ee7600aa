using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using DirectoryPlatform.Host.Commands;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>
/// Strangers send wrong passwords for known and unknown names, and as many set passwords behind links, all at the same moment: first all of
/// them from one address, then from as many addresses as send wrong passwords, each of which follows one link, too. Meanwhile somebody
/// else, from a network that the account knows, signs in again and again. What counts is the median of those sign-ins during the storm
/// against the median in the quiet just before. The whole product answers, over HTTP.
/// </summary>
static partial class StrangersBench
{
    const string Password = "demo-password";

    public static async Task Run(int strangers, int rounds)
    {
        await using var server = await BenchServer.Start();
        var database = await server.Fresh("strangers");
        Environment.SetEnvironmentVariable("ASPNETCORE_APPLICATIONNAME", "DirectoryPlatform.Host");
        var url = $"http://127.0.0.1:{FreePort()}";
        await using var app = await Serve.Build(new ConfigurationBuilder().AddInMemoryCollection().Build(),
            new Installation(database, false, false, null), url, demoAsked: true);
        await app.StartAsync();
        var mediator = app.Services.GetRequiredService<IMediator>();
        var names = await Strings(database,
            $"select email from accounts.account where state = 1 and email like '%@acme.example' and email <> 'ada@acme.example' "
            + $"order by id limit {strangers / 2}");
        using var known = new Browser(url, "127.0.9.9");
        await known.Open();
        for (var i = 0; i < 5; i++) await SignIn(known);
        var ratios = new List<double>();
        foreach (var spread in (bool[])[false, true])
        {
            var (quiet, stormy) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                var links = await Links(mediator, database, strangers, $"{(spread ? "spread" : "one")}{round}");
                var crowd = Enumerable.Range(0, 2 * strangers).Select(i => new Browser(url, Address(i % strangers, round, spread)))
                    .ToList();
                foreach (var stranger in crowd) await stranger.Open();
                for (var i = 0; i < 15; i++) quiet.Add(await SignIn(known));
                var watch = Stopwatch.StartNew();
                var storm = Task.WhenAll(crowd.Select((stranger, i) => i < strangers
                    ? stranger.Send("/sign-in", ("Input.Email", i % 2 == 0 ? names[i / 2 % names.Count] : $"nobody{i}@acme.example"),
                        ("Input.Password", "a wrong password"))
                    : stranger.Send("/verify-email", ("Token", links[i - strangers]), ("Input.Password", $"violet lantern orbit {i}"))));
                var before = stormy.Count;
                while (!storm.IsCompleted) stormy.Add(await SignIn(known));
                var answers = (await storm).GroupBy(s => (int)s).OrderBy(g => g.Key).Select(g => $"{g.Key}: {g.Count()}");
                Figures.Row($"round {round + 1}, {(spread ? $"{strangers} addresses" : "one address")}", ("s", watch.Elapsed.TotalSeconds),
                    ("sign-ins meanwhile", stormy.Count - before),
                    ("ms median", Figures.Median(stormy.Skip(before))), ("ms median in the quiet", Figures.Median(quiet.TakeLast(15))));
                Console.WriteLine($"  strangers were answered {string.Join(", ", answers)}");
                foreach (var stranger in crowd) stranger.Dispose();
            }
            ratios.Add(Figures.Median(stormy) / Figures.Median(quiet));
        }
        await app.StopAsync();
        NpgsqlConnection.ClearAllPools();
        Figures.Ratio(ratios);
    }

    /// <summary>Others in each round, so that no door is closed from the one before.</summary>
    static string Address(int stranger, int round, bool spread) =>
        spread ? $"127.{round + 1}.{1 + stranger / 200}.{1 + stranger % 200}" : $"127.8.8.{round + 1}";

    static async Task<double> SignIn(Browser known)
    {
        var watch = Stopwatch.StartNew();
        var status = await known.Send("/sign-in", ("Input.Email", "ada@acme.example"), ("Input.Password", Password));
        return status is HttpStatusCode.Redirect
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"The known person did not get in: {(int)status}");
    }

    static async Task<List<string>> Links(IMediator mediator, string database, int count, string name)
    {
        for (var i = 0; i < count; i++)
            if ((await mediator.Send(new SignUp($"{name}-{i}@mail.example", "New Body", new Origin(null, "bench")))).Refusal is { } refusal)
                throw new InvalidOperationException(refusal.Sentence);
        return await Strings(database,
            $"select split_part(letter->>'link', 'token=', 2) from kernel.mail where recipient like '{name}-%' and template = "
            + $"'email-verification' limit {count}");
    }

    static async Task<List<string>> Strings(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await rows.ReadAsync()) found.Add(rows.GetString(0));
        return found;
    }

    static int FreePort()
    {
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)tcp.LocalEndPoint!).Port;
    }

    /// <summary>
    /// Form cookies, a form token, and an address on the loopback network; keeps no session, so that each sign-in is one.
    /// </summary>
    sealed partial class Browser : IDisposable
    {
        readonly HttpClient _client;
        string _token = "", _cookie = "";

        public Browser(string url, string address) => _client = new(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (connection, ct) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(IPAddress.Loopback, connection.DnsEndPoint.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new(url), Timeout = TimeSpan.FromMinutes(5) };

        public async Task Open()
        {
            using var answer = await _client.GetAsync("/sign-in");
            _cookie = string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
            _token = Field().Match(await answer.Content.ReadAsStringAsync()).Groups[1].Value;
        }

        public async Task<HttpStatusCode> Send(string path, params (string Name, string Value)[] fields)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)),
                    new("__RequestVerificationToken", _token)]),
            };
            request.Headers.Add("Cookie", _cookie);
            using var answer = await _client.SendAsync(request);
            await answer.Content.ReadAsByteArrayAsync();
            return answer.StatusCode;
        }

        public void Dispose() => _client.Dispose();

        [GeneratedRegex("""name="__RequestVerificationToken"[^>]* value="([^"]+)""")]
        private static partial Regex Field();
    }
}
