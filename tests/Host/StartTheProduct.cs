using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using System.Text;
using DirectoryPlatform.Host.Commands;
using DirectoryPlatform.Host.Demo;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Host;

/// <summary>The real program with settings and data that it must not start with, and what it says when it does (SPEC R13, S14).</summary>
[UnsupportedOSPlatform("windows")]
[Collection(Programs.Name)]
public sealed class StartTheProduct(StartTheProduct.RunningDemo demo) : IClassFixture<StartTheProduct.RunningDemo>, IAsyncLifetime
{
    string? _made;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_made is not null) await TestDatabase.Drop(_made);
    }

    /// <summary>An empty one of the test's own.</summary>
    async Task<string> Empty() => _made = await TestDatabase.Fresh(nameof(StartTheProduct), TestInstallation.Migrate);

    /// <summary>Data that began as a demo, and the program that goes on with it and was told to be open:
    /// one for those who look at it.</summary>
    public sealed class RunningDemo : IAsyncLifetime
    {
        Started? _started;

        public string Database { get; private set; } = null!;
        public int Port { get; } = Ports.Free();

        public async Task InitializeAsync()
        {
            Database = await TestDatabase.Fresh($"{nameof(StartTheProduct)}_demo", TestInstallation.Migrate);
            await using var services = new ServiceCollection().AddLogging()
                .AddModules(Settings(), Database, ownsDatabase: false, demo: true, new("http://localhost:5080")).BuildServiceProvider();
            await DemoData.Ensure(services);
        }

        /// <summary>Begins with the first who asks.</summary>
        public async Task<Started> GoesOn()
        {
            // Nobody says --demo: the data remembers.
            _started ??= Start(Database, ["--demo-open", "--urls", $"http://0.0.0.0:{Port}"]);
            await _started.Says("Sign in as nora@northwind.example");
            return _started;
        }

        public async Task DisposeAsync()
        {
            _started?.Dispose();
            await TestDatabase.Drop(Database);
        }
    }

    public sealed class Started(Process process, StringBuilder said) : IDisposable
    {
        public string Said
        {
            get
            {
                lock (said) return said.ToString();
            }
        }

        public async Task<int> Ends()
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            return process.ExitCode;
        }

        public async Task Says(string words)
        {
            for (var watch = Stopwatch.StartNew(); !Said.Contains(words, StringComparison.Ordinal); await Task.Delay(20))
                if (process.HasExited || watch.Elapsed > TimeSpan.FromMinutes(1))
                    throw new Xunit.Sdk.XunitException($"It did not say \"{words}\": {Said}");
        }

        public void Dispose()
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }
    }

    static Started Start(string database, string[] arguments, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DirectoryPlatform.Host.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ConnectionStrings__Directory"] = database;
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var (process, said) = (new Process { StartInfo = start }, new StringBuilder());
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, said);

        void Hear(string? line)
        {
            if (line is null) return;
            lock (said) said.AppendLine(line);
        }
    }

    [Fact, Trait("Rule", "R13")]
    public async Task Data_that_began_as_a_demo_does_not_start_without_it_and_says_how_to_begin_anew()
    {
        using var refused = Start(demo.Database, ["--no-demo", "--urls", $"http://127.0.0.1:{Ports.Free()}"]);
        (await refused.Ends()).ShouldBe(1, refused.Said);
        refused.Said.ShouldContain("This data began as a demo");
        refused.Said.ShouldContain("ConnectionStrings__Directory");
        refused.Said.ShouldNotContain("   at ");
        refused.Said.ShouldNotContain("DirectoryPlatform is at");

        var goesOn = await demo.GoesOn();
        goesOn.Said.Split('\n').Count(l => l.Contains("No key file", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact, Trait("Rule", "R13")]
    public async Task The_mark_of_a_demo_travels_with_its_data_and_other_data_has_none()
    {
        var database = await Empty();
        var installation = new Installation(database, IsEmbedded: true, false, null);
        (await DemoRules.Decide(installation, null)).ShouldBeTrue("empty and embedded");
        (await DemoRules.Decide(installation with { IsEmbedded = false }, null)).ShouldBeFalse();
        (await DemoRules.Decide(installation, false)).ShouldBeFalse();
        (await DemoRules.Decide(installation, true)).ShouldBeTrue();

        // As every version since the first has left it.
        await using (var source = NpgsqlDataSource.Create(database))
        await using (var mark = source.CreateCommand("insert into kernel.setting (name, value) values ('demo', 'made')"))
            await mark.ExecuteNonQueryAsync();
        var external = installation with { IsEmbedded = false };
        (await Should.ThrowAsync<StartRefused>(() => DemoRules.Decide(installation, false))).Message.ShouldContain("--data DIR");
        (await Should.ThrowAsync<StartRefused>(() => DemoRules.Decide(external, false))).Message.ShouldContain("an empty database");
        (await DemoRules.Decide(external, null)).ShouldBeTrue();
    }

    [Theory, Trait("Rule", "R13")]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://LOCALHOST:5080;http://127.0.0.1:6000;https://[::1]:7000", true)]
    [InlineData("http://127.8.9.1:5080", true)]
    [InlineData("http://[::ffff:127.0.0.1]:5080", true)]
    [InlineData("http://unix:/run/directory.sock", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://*:5080", false)]
    [InlineData("http://+:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://10.0.0.5:5080", false)]
    [InlineData("http://localhost:5080;http://10.0.0.5:5080", false)]
    [InlineData("http://localhost.evil.example:5080", false)]
    [InlineData("http://directory.acme.example:5080", false)]
    [InlineData("http://[::ffff:10.0.0.5]:5080", false)]
    public void A_demo_listens_on_loopback_alone_unless_it_is_opened(string urls, bool loopback)
    {
        var kestrel = Settings(("Kestrel:Endpoints:Web:Url", urls));
        foreach (var (settings, given) in ((IConfiguration, string)[])[(Settings(), urls), (kestrel, "http://localhost:5080")])
        {
            void Start() => DemoRules.KeepOnLoopback(settings, given, open: false);
            if (loopback) Start();
            else Should.Throw<StartRefused>(Start).Message.ShouldContain("--demo-open");
        }
        DemoRules.KeepOnLoopback(Settings(), urls, open: true);
    }

    [Theory, Trait("Rule", "R13")]
    [InlineData("localhost:5080")]
    [InlineData("nonsense")]
    public void What_is_no_address_is_refused_in_words(string urls) =>
        Should.Throw<StartRefused>(() => DemoRules.KeepOnLoopback(Settings(), urls, false)).Message.ShouldContain("no address to listen");

    [Fact, Trait("Rule", "R14")]
    public async Task A_demo_that_was_not_made_to_its_end_is_made_again_and_a_whole_one_never()
    {
        var installation = new Installation(await Empty(), IsEmbedded: true, OwnsServer: true, null);
        await using var source = NpgsqlDataSource.Create(installation.ConnectionString);
        async Task<T> Ask<T>(string sql)
        {
            await using var command = source.CreateCommand(sql);
            return (T)(await command.ExecuteScalarAsync())!;
        }
        async Task Made(string marker)
        {
            await Ask<object>("insert into sites.organization (id, slug, name, created_at) "
                + "values (gen_random_uuid(), 'half', 'Half', now()) returning 1");
            await Ask<object>($"insert into kernel.setting (name, value) values ('demo', '{marker}') returning 1");
        }
        await Made("begun");
        (await Should.ThrowAsync<StartRefused>(() => DemoData.ClearHalfMade(installation with { OwnsServer = false }, default)))
            .Message.ShouldContain("another node");
        (await Ask<long>("select count(*) from sites.organization")).ShouldBe(1);
        await DemoData.ClearHalfMade(installation, default);
        (await Ask<long>("select count(*) from sites.organization")).ShouldBe(0);
        (await DemoData.IsDefault(installation)).ShouldBeTrue("it is empty, and made again");
        await Made("made");
        await DemoData.ClearHalfMade(installation, default);
        (await Ask<long>("select count(*) from sites.organization")).ShouldBe(1);
    }

    [Fact, Trait("Rule", "R13")]
    public async Task A_demo_for_others_says_what_that_means_answers_by_address_and_never_under_a_foreign_name()
    {
        using (var refused = Start(demo.Database, ["--demo", "--urls", $"http://0.0.0.0:{Ports.Free()}"]))
        {
            (await refused.Ends()).ShouldBe(1, refused.Said);
            refused.Said.ShouldContain("A demo listens on this machine alone");
        }
        (await CommandLine.Run(["--no-demo", "--demo-open"])).ShouldBe(1);

        var open = await demo.GoesOn();
        open.Said.ShouldContain("DirectoryPlatform is at");
        open.Said.ShouldContain("This demo is open (--demo-open)");
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{demo.Port}") };
        await TestInstallation.Others(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode,
            what: "it listens and is not ready");
        foreach (var (host, path, status) in ((string, string, int)[])
        [
            ("localhost", "/sign-in", 200), ("10.1.2.3:80", "/sign-in", 200), ("evil.example", "/sign-in", 400),
            ("evil.example", "/demo/mail", 400), ("evil.example", "/health/live", 200), ("10.1.2.3", "/health/ready", 200),
            ("evil.example", "/healthy", 400),
        ])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            using var answer = await client.SendAsync(request);
            ((int)answer.StatusCode).ShouldBe(status, $"{host} {path}");
        }
        // Of a proxy that is not trusted, in one line, however often it asks.
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live") { Headers = { { "X-Forwarded-For", "192.0.2.7" } } };
            (await client.SendAsync(request)).Dispose();
        }
        await open.Says("X-Forwarded-For came from 127.0.0.1, which TrustedProxies does not name");
        open.Said.Split("X-Forwarded-For came from").Length.ShouldBe(2);
        // Time passes for everybody: a stranger does not say when.
        using var stranger = new SiteVisitor(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false },
            address: client.BaseAddress);
        using var moved = await stranger.Send("/demo/clock", await stranger.Token("/demo/dns"), ("hours", "24"));
        moved.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await moved.Content.ReadAsStringAsync()).ShouldContain("Sign in as an admin to move its clock.");
        await stranger.SignIn("ada@acme.example", "demo-password");
        using var real = await stranger.Send("/demo/clock", await stranger.Token("/demo/dns"), ("hours", "24"));
        (await real.Content.ReadAsStringAsync()).ShouldContain("Only the clock of a demo with its own database can be moved.");
    }

    [Fact, Trait("Rule", "R13")]
    public async Task A_database_that_cannot_be_used_is_named_with_its_setting_and_the_reason()
    {
        var there = new NpgsqlConnectionStringBuilder(await Empty());
        var closed = $"Host=127.0.0.1;Port={Ports.Free()};Database=directory";
        foreach (var (wrong, words) in ((string, string[])[])
        [
            ("Host=db.invalid;Database=directory;Timeout=5", ["db.invalid", "Host and Port in ConnectionStrings__Directory"]),
            ("Host=localhost;Databse=directory", ["databse", "ConnectionStrings__Directory cannot be read"]),
            ("nonsense", ["ConnectionStrings__Directory cannot be read"]),
            ($"{closed};SSL Mode=VerifyFull;Root Certificate=/nowhere/ca.pem", ["127.0.0.1", "/nowhere/ca.pem", "Root Certificate"]),
            (new NpgsqlConnectionStringBuilder(there.ConnectionString) { Database = "nobodys" }.ConnectionString,
                ["nobodys", "Look at Database in ConnectionStrings__Directory"]),
            (new NpgsqlConnectionStringBuilder(there.ConnectionString) { Username = "nobody_here" }.ConnectionString,
                ["nobody_here", "Look at Username and Password in ConnectionStrings__Directory"]),
        ])
        {
            var open = () => Installation.Reach(Settings(("ConnectionStrings:Directory", wrong)), new(AppContext.BaseDirectory), default);
            var said = (await Should.ThrowAsync<StartRefused>(open)).Message;
            foreach (var word in words) said.ShouldContain(word, customMessage: wrong);
        }
    }

    [Fact, Trait("Rule", "R5")]
    public async Task A_file_that_a_command_may_not_write_is_named_without_a_trace()
    {
        var folder = Directory.CreateTempSubdirectory("directory-platform-import-");
        try
        {
            var people = Path.Combine(folder.FullName, "people.csv");
            await File.WriteAllTextAsync(people, "name,email\nLiam,liam@acme.example\n");
            using var refused = Start(await Empty(), ["import", people, "--report", folder.FullName]);
            (await refused.Ends()).ShouldBe(1, refused.Said);
            refused.Said.ShouldContain($"Access to the path '{folder.FullName}' is denied.");
            refused.Said.ShouldNotContain("   at ");
        }
        finally { folder.Delete(recursive: true); }
    }

    [Fact, Trait("Rule", "S14")]
    public async Task A_key_file_is_made_used_and_asked_for()
    {
        var folder = Directory.CreateTempSubdirectory("directory-platform-keys-");
        try
        {
            var (file, wrong) = (Path.Combine(folder.FullName, "keys"), Path.Combine(folder.FullName, "wrong"));
            using (var made = Start("", ["keys", "new", file])) (await made.Ends()).ShouldBe(0, made.Said);
            (await CommandLine.Run(["keys", "new", wrong])).ShouldBe(0);
            var id = new KeyFile(file).Keys.First;
            using (var list = Start("", ["keys", "list", file]))
            {
                (await list.Ends()).ShouldBe(0, list.Said);
                list.Said.Trim().ShouldBe($"{id}  seals");
            }
            string[] arguments = ["--no-demo", "--urls", $"http://127.0.0.1:{Ports.Free()}"];
            // As a node without a file leaves it.
            var database = await Empty();
            await using (var clear = TestInstallation.On(database))
                clear.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("words").ShouldNotBeEmpty();
            File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32("644", 8));
            using (var first = Start(database, arguments, ("Keys__File", file)))
            {
                await first.Says("DirectoryPlatform is at");
                first.Said.ShouldContain($"sealed by the key {id} now");
                first.Said.ShouldContain("can be read by other users");
                first.Said.ShouldNotContain("No key file");
            }
            // Before anything is reached: nobody answers at that database.
            using (var refused = Start("Host=127.0.0.1;Port=1", arguments, ("Keys__File", Path.Combine(folder.FullName, "none"))))
            {
                (await refused.Ends()).ShouldBe(1, refused.Said);
                refused.Said.ShouldContain("Keys__File names it");
            }
            using (var refused = Start(database, arguments, ("Keys__File", wrong)))
            {
                (await refused.Ends()).ShouldBe(1, refused.Said);
                refused.Said.ShouldContain(id);
                refused.Said.ShouldNotContain("   at ");
            }
            // What that start printed is what it was refused with.
            var installation = new Installation(database, IsEmbedded: false, false, null);
            foreach (var (name, words) in ((string?, string)[])[
                (null, "Set Keys__File"), (Path.Combine(folder.FullName, "none"), "cannot be read")])
            {
                var start = () => KeysAtStart.Prepare(Settings(("Keys:File", name)), installation, folder, default);
                (await Should.ThrowAsync<KeyFileException>(start)).Message.ShouldContain(words);
            }
        }
        finally { folder.Delete(recursive: true); }
    }

    static IConfiguration Settings(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, s.Value))).Build();
}
