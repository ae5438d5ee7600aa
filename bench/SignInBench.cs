using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using DirectoryPlatform.Host.Commands;
using DirectoryPlatform.Host.Startup;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>
/// A hundred people sign in at the same moment, each from an address of their own; meanwhile somebody goes on reading pages. What counts is
/// the p95 of those pages during the crowd against the p95 in the quiet just before, in turns. The whole product answers, over HTTP.
/// </summary>
static partial class SignInBench
{
    /// <summary>Between two pages, as somebody who clicks fast.</summary>
    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(25);

    public static async Task Run(int people, int rounds)
    {
        await using var server = await BenchServer.Start();
        var database = await server.Fresh("signin");
        // The pages and files of the product, although another program hosts them.
        Environment.SetEnvironmentVariable("ASPNETCORE_APPLICATIONNAME", "DirectoryPlatform.Host");
        var url = $"http://127.0.0.1:{FreePort()}";
        await using var app = await Serve.Build(new ConfigurationBuilder().AddInMemoryCollection().Build(),
            new Installation(database, false, false, null), url, demoAsked: true);
        await app.StartAsync();
        var emails = await Strings(database,
            $"select email from accounts.account where email_verified and email like '%@acme.example' and email <> 'ada@acme.example' "
            + $"order by id limit {people}");
        if (emails.Count < people) throw new InvalidOperationException($"The demo has {emails.Count} people only.");
        var acme = (await Strings(database, "select id::text from sites.organization where slug = 'acme'"))[0];

        using var reader = new Person(url, 250);
        await reader.SignIn("ada@acme.example");
        string[] pages = [$"/o/{acme}/members", "/account"];
        await reader.Read(pages, Task.Delay(TimeSpan.FromSeconds(3)));
        var (quiet, crowded) = (new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            var crowd = emails.Select((email, i) => (Email: email, Person: new Person(url, i + 1))).ToList();
            foreach (var (_, person) in crowd) await person.Open();
            quiet.Add(Figures.Percentile(await reader.Read(pages, Task.Delay(TimeSpan.FromSeconds(5))), 0.95));
            var watch = Stopwatch.StartNew();
            var storm = Task.WhenAll(crowd.Select(c => c.Person.Send(c.Email)));
            var times = await reader.Read(pages, storm);
            crowded.Add(Figures.Percentile(times, 0.95));
            Figures.Row($"round {round}: {people} sign-ins at once", ("s", watch.Elapsed.TotalSeconds), ("pages read", times.Count),
                ("ms p95 of pages", crowded[^1]), ("ms p95 in the quiet", quiet[^1]));
            foreach (var (_, person) in crowd) person.Dispose();
        }
        await app.StopAsync();
        NpgsqlConnection.ClearAllPools();
        Figures.Ratio(crowded.Zip(quiet, (storm, calm) => storm / calm));
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

    /// <summary>A browser: cookies, a form, and an address on the loopback network.</summary>
    sealed partial class Person : IDisposable
    {
        readonly HttpClient _client;
        string _token = "";

        public Person(string url, int host) => _client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)host]), 0));
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new(url), Timeout = TimeSpan.FromMinutes(5) };

        public async Task SignIn(string email)
        {
            await Open();
            await Send(email);
        }

        /// <summary>The form, so that only the sign-in itself is in the crowd.</summary>
        public async Task Open() => _token = Field().Match(await _client.GetStringAsync("/sign-in")).Groups[1].Value;

        public async Task Send(string email)
        {
            using var answer = await _client.PostAsync("/sign-in",
                new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["__RequestVerificationToken"] = _token,
                    ["Input.Email"] = email,
                    ["Input.Password"] = "demo-password"
                }));
            if (answer.StatusCode is not HttpStatusCode.Redirect)
                throw new InvalidOperationException($"{email} did not get in: {(int)answer.StatusCode}");
        }

        /// <summary>Milliseconds of each page, until the other is done.</summary>
        public async Task<List<double>> Read(string[] pages, Task until)
        {
            var times = new List<double>();
            for (var i = 0; !until.IsCompleted; i++, await Task.Delay(Between))
            {
                var watch = Stopwatch.StartNew();
                using var answer = await _client.GetAsync(pages[i % pages.Length]);
                await answer.Content.ReadAsByteArrayAsync();
                times.Add(watch.Elapsed.TotalMilliseconds);
                if (answer.StatusCode is not HttpStatusCode.OK)
                    throw new InvalidOperationException($"{pages[i % pages.Length]}: {(int)answer.StatusCode}");
            }
            await until;
            return times;
        }

        public void Dispose() => _client.Dispose();

        [GeneratedRegex("""name="__RequestVerificationToken"[^>]* value="([^"]+)""")]
        private static partial Regex Field();
    }
}
