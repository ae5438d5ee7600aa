using System.Diagnostics;
using System.Net;
using System.Text;
using DirectoryPlatform.Host.Demo;
using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Host.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>The real product as a child process on a loopback port of its own, ended by its own process id.</summary>
public sealed class Installation : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _said;
    readonly string _folder;

    Installation(Process process, StringBuilder said, string folder, Uri address, string? database) =>
        (_process, _said, _folder, Address, Database) = (process, said, folder, address, database);

    public Uri Address { get; }

    /// <summary>Connection string of the database behind it; null where the product keeps its own in its data folder.</summary>
    public string? Database { get; }

    /// <summary>What it has printed until now.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    static readonly Lazy<Task<Installation>> All = new(async () => (await Start("all", demo: true, LivesLong)).Shared());

    /// <summary>
    /// The demo in which every journey takes place that has a <see cref="World"/>: most of a short one would be its product's start.
    /// Only who is about starting, the first visit or a setting starts one of its own.
    /// </summary>
    public static Task<Installation> OfAll => All.Value;

    /// <summary>Asked by many journeys: what is often called pays to be compiled a second time.</summary>
    public static (string, string) LivesLong { get; } = ("DOTNET_TC_CallCounting", "1");

    /// <summary>On a database of the test server, which is there at once; a demo is copied from one that was made once.</summary>
    public static async Task<Installation> Start(string name, bool demo, params (string Name, string Value)[] settings)
    {
        var database = await TestDatabase.Fresh(name, demo ? MakeDemo : Migrate);
        return await Serve(Folder(), demo, database, settings);
    }

    /// <summary>A demo whose making has sent no mail: for journeys that follow single ones.</summary>
    public static async Task<Installation> StartWithoutMail(string name, params (string Name, string Value)[] settings)
    {
        var database = await TestDatabase.Fresh(name, MakeDemo);
        await using (var source = NpgsqlDataSource.Create(database))
        await using (var forget = source.CreateCommand("delete from kernel.mail")) await forget.ExecuteNonQueryAsync();
        return await Serve(Folder(), true, database, settings);
    }

    /// <summary>A demo that its own first start makes.</summary>
    public static async Task<Installation> StartFirstDemo(string name) =>
        await Serve(Folder(), true, await TestDatabase.Fresh(name, Migrate), []);

    /// <summary>As somebody on an empty machine: the product's own database in an empty folder, filled by <c>seed</c>.</summary>
    public static async Task<Installation> StartSeeded(string[] seed, params (string Name, string Value)[] settings)
    {
        var folder = Folder();
        using var seeding = Run(["seed", .. seed, "--data", folder], null, settings, out var said);
        await seeding.WaitForExitAsync();
        seeding.ExitCode.ShouldBe(0, said.ToString());
        return await Serve(folder, false, null, settings);
    }

    /// <summary>An organization "lab" with one admin, admin@lab.test, and nothing of a demo.</summary>
    public static async Task<Installation> StartLab(string name, params (string Name, string Value)[] settings) =>
        await Serve(Folder(), false, await TestDatabase.Fresh(name, World.MakeLab), settings);

    /// <summary>For whoever starts one for the whole run: nobody has to dispose of it.</summary>
    public Installation Shared()
    {
        Sweeping.AtTheEnd(_process.Id, _folder);
        return this;
    }

    /// <summary>A further way into the product's own database, as a second process has it.</summary>
    public async Task<string> Beside() => (await EmbeddedPostgres.Start(new(_folder), new())).ConnectionString;

    /// <summary>The first value that the statement finds.</summary>
    public async Task<object?> Query(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Window.CloseAll(this);
        if (!_process.HasExited)
        {
            using (var stop = Process.Start("kill", [$"-TERM", $"{_process.Id}"])) await stop.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try { await _process.WaitForExitAsync(patience.Token); }
            catch (OperationCanceledException) { _process.Kill(); }
        }
        _process.Dispose();
        if (Database is not null) await TestDatabase.Drop(Database);
        Directory.Delete(_folder, recursive: true);
    }

    static string Folder() => Directory.CreateTempSubdirectory("directory-platform-browser-").FullName;

    static async Task Migrate(string connectionString) => await Modules.Migrate(connectionString);

    static async Task MakeDemo(string connectionString)
    {
        await Migrate(connectionString);
        await using var services = new ServiceCollection().AddLogging()
            .AddModules(new ConfigurationBuilder().Build(), connectionString, ownsDatabase: false, demo: true, new("http://localhost:5080"))
            .BuildServiceProvider();
        await DemoData.Ensure(services);
    }

    static async Task<Installation> Serve(string folder, bool demo, string? database, (string, string)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var process = Run(["--urls", address.ToString().TrimEnd('/'), "--data", folder, demo ? "--demo" : "--no-demo"], database, settings,
            out var said);
        using var client = new HttpClient { BaseAddress = address, Timeout = Patience.Long };
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < 3 * Patience.Long && !process.HasExited; await Task.Delay(50))
        {
            try
            {
                if ((await client.GetAsync("/health/ready")).StatusCode is HttpStatusCode.OK)
                    return new(process, said, folder, address, database);
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException) { }
        }
        if (!process.HasExited) process.Kill();
        lock (said) throw new InvalidOperationException($"The product did not start: {said}");
    }

    static Process Run(string[] arguments, string? database, (string Name, string Value)[] settings, out StringBuilder said)
    {
        // Not the copy beside the tests: only the product's own folder has its static files.
        var bin = Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "../.."), AppContext.BaseDirectory);
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../host/bin", bin, "DirectoryPlatform.Host.dll"));
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (database is not null) start.Environment["ConnectionStrings__Directory"] = database;
        // A journey is over before it pays to compile what is often called a second time; that takes a third of a start.
        if (database is not null) start.Environment["DOTNET_TC_CallCounting"] = "0";
        // Everybody comes from loopback here, so that journeys beside each other would close each other's doors.
        start.Environment["Doors__Times"] = "100000";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var heard = said = new StringBuilder();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Hear(string? line)
        {
            lock (heard) heard.AppendLine(line);
        }
    }
}
