using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Host.Backups;
using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Npgsql;

namespace DirectoryPlatform.Tests.Host;

/// <summary>docs/operate/backup.md as it is written: a data folder is destroyed and comes back, and moves to a server of its own.</summary>
[Trait("Rule", "R10")]
[UnsupportedOSPlatform("windows")]
[Collection(Heavy.Name)]
public sealed class BackUpAndRestore(MadeCluster made) : OnServerFolder, IClassFixture<MadeCluster>, IAsyncLifetime
{
    const string Password = "violet lantern orbit", Address = "ada@acme.example";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly Checkout _here = new("run", "build/unchanged");
    readonly Uri _site = new($"http://127.0.0.1:{Ports.Free()}");
    string _external = "";
    Process? _product;

    public async Task InitializeAsync()
    {
        _here.RunsWhatIsBuilt();
        await made.CopyTo(Data);
    }

    public async Task DisposeAsync()
    {
        await End();
        _here.Dispose();
        if (_external.Length == 0) return;
        await TestDatabase.Drop(_external);
    }

    string Backup => _here.At("backup");

    /// <summary>An empty database of somebody who may do nothing else on its server.</summary>
    async Task<string> Empty()
    {
        _external = await TestDatabase.Fresh(nameof(BackUpAndRestore), _ => Task.CompletedTask);
        var database = new NpgsqlConnectionStringBuilder(_external).Database!;
        await Execute(_external, $"create role {database} login; alter database {database} owner to {database}");
        return new NpgsqlConnectionStringBuilder(_external) { Username = database }.ConnectionString;
    }

    Process Begin(string commands, string database)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", commands])
        {
            WorkingDirectory = _here.Folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in ((string, string)[])[
            ("PATH", $"{_here.At("path")}:{Environment.GetEnvironmentVariable("PATH")}"), ("DATA", Data.FullName), ("BACKUP", Backup),
            ("DATABASE", database), ("KEYS", _here.At("keys")), ("URL", _site.OriginalString), ("Logging__LogLevel__Default", "Warning"),
            ("PGHOST", "nowhere.example"), ("Doors__Times", "100000")]) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    async Task<(int Exit, string Said)> Run(string commands, string database = "")
    {
        using var process = Begin(commands, database);
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return (process.ExitCode, await said + await errors);
    }

    async Task<string> Succeeds(string commands, string database = "")
    {
        var (exit, said) = await Run(commands, database);
        exit.ShouldBe(0, said);
        return said;
    }

    async Task Start(string command)
    {
        _product = Begin(command, "");
        _product.OutputDataReceived += (_, _) => { };
        _product.ErrorDataReceived += (_, _) => { };
        _product.BeginOutputReadLine();
        _product.BeginErrorReadLine();
        using var client = new HttpClient();
        await TestInstallation.Others(async () =>
        {
            try { return (await client.GetAsync(new Uri(_site, "/health/ready"))).IsSuccessStatusCode; }
            catch (HttpRequestException) { return false; }
        }, Patience, "it is not ready");
    }

    /// <summary>With everything that it has begun.</summary>
    async Task End()
    {
        if (_product is null) return;
        _product.Kill(entireProcessTree: true);
        await _product.WaitForExitAsync();
        _product.Dispose();
        _product = null;
        await TestInstallation.Others(() => Task.FromResult(ProcessesOf(Cluster).Count == 0), Patience, "PostgreSQL goes on");
    }

    /// <summary>What begins anew on another server; any other table must come along.</summary>
    static readonly string[] Unlogged = ["directory.provisioning_lease", "kernel.door_count", "kernel.node", "orleans.grain_state"];

    /// <summary>Each table with how many rows it has and a digest of them, but for the numbers of transactions.</summary>
    static async Task<string> Content(string connectionString)
    {
        ((string[])(await Scalar(connectionString, """
            select array_agg(oid::regclass::text order by 1) from pg_class where relkind = 'r' and relpersistence = 'u'
            """))!).ShouldBe(Unlogged);
        var tables = (string[])(await Scalar(connectionString, """
            select array_agg(format('%I.%I', n.nspname, c.relname) order by 1) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
            """))!;
        tables.Length.ShouldBeGreaterThan(60);
        var content = new List<string>();
        string[] left = ["orleans.silo", "orleans.cluster", "kernel.revocation", "kernel.audit_sealed"];
        foreach (var table in tables.Except(left))
            content.Add($"{table} " + await Scalar(connectionString,
                $"select count(*) || ' ' || md5(coalesce(string_agg(row, '|' order by row), '')) "
                    + $"from (select (to_jsonb(t) - 'xid')::text as row from {table} t) t"));
        return string.Join('\n', content);
    }

    [Fact]
    public async Task A_destroyed_installation_comes_back_and_moves_to_a_server_of_its_own()
    {
        var (backup, ofExternal, restore, start, verify, move) = Checkout.CommandsOf("docs/operate/backup.md") switch
        {
            [var a, var b, var c, var d, var e, var f] => (a, b, c, d, e, f),
            var other => throw new Xunit.Sdk.XunitException($"The guide has {other.Count} blocks of commands; this test runs six."),
        };
        await Succeeds("./run keys new \"$KEYS\"");
        string key, second;
        OrganizationId acme;
        AccountId liam;
        await using (var server = await EmbeddedPostgres.Start(Data, new()))
        {
            await TestInstallation.Migrate(server.ConnectionString);
            await using var here = TestInstallation.On(server.ConnectionString);
            acme = await here.Organization("acme");
            var ada = await here.Admin(acme, Address);
            liam = await here.Account("liam@acme.example", "Zoë “Liam” 守衛", managedBy: acme);
            var by = new Origin(ada.Value, "test", RequestId: "furnish");
            await here.Grant(new GivePassword([ada, liam], Password));
            key = (await here.Grant(new CreateApiKey(acme, ada, "Program", [.. ApiScopes.All.Select(s => s.Name())], 7, by))).Secret;
            var enrolment = await here.Grant(new PrepareTwoStep(liam, null));
            second = enrolment.Key;
            await here.Grant(new ConfirmTwoStep(liam, enrolment.Enrolment, await Oathtool.Code(second, DateTimeOffset.UtcNow),
                by with { Actor = liam.Value }));
        }

        await Start(start);
        using var browser = new SiteVisitor(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }, address: _site);
        await browser.SignIn(Address, Password);
        await Rename(HttpStatusCode.OK, "Before");
        var connection = $"{Connections.To(Cluster, "directory")};Pooling=false"; // servers come and go below it
        await TestInstallation.Others(async () => (await Scalar(connection, "select count(*) from kernel.audit_seal")) is > 0L
            && await Scalar(connection, "select (xid, id) = (select xid, id from kernel.audit_entry order by xid desc, id desc limit 1) "
                + "from kernel.audit_sealed") is true, Patience, "not all is sealed");
        (await Succeeds(backup)).ShouldContain("without that key file");
        File.GetUnixFileMode(Backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(Backup))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        var keyId = (await Succeeds("./run keys list \"$KEYS\"")).Split(' ')[0];
        (await File.ReadAllTextAsync(Path.Combine(Backup, "about.json"))).ShouldContain(keyId);
        await Rename(HttpStatusCode.OK, "After");
        await Refused(backup, "is not empty");
        await Refused(restore, "Another process works on");

        await End();
        await Refused(restore, "holds something already");
        Directory.Delete(Path.Combine(Data.FullName, "postgres"), recursive: true);
        (await Succeeds(restore)).ShouldContain("The log is as it was sealed.");
        // Nobody has signed in anew: the cookie, the key and the authenticator are those of before.
        await Refused("./run --no-demo --data \"$DATA\" --urls \"$URL\"", "no key file is named");
        await Start(start);
        (await browser.Get($"/o/{acme}/members")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.Post("/account/profile", ("x", "y"))).StatusCode.ShouldNotBe(HttpStatusCode.BadRequest, "form tokens are good, too");
        (await Scalar(connection, "select job_title from accounts.profile where job_title is not null")).ShouldBe("Before");
        using (var client = new HttpClient { BaseAddress = _site })
        {
            using var first = await client.PostAsJsonAsync("/api/sign-in", new { email = "liam@acme.example", password = Password });
            var ticket = (await first.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString();
            using var then = await client.PostAsJsonAsync("/api/sign-in/continue",
                new { ticket, code = await Oathtool.Code(second, DateTimeOffset.UtcNow.AddSeconds(30)), device = "Phone" });
            then.StatusCode.ShouldBe(HttpStatusCode.OK, await then.Content.ReadAsStringAsync());
        }
        await Rename(HttpStatusCode.OK, "Once more");
        (await Succeeds(verify)).ShouldContain("The log is as it was sealed.");
        await End();

        // Nothing writes there any more, so that the copy is held against what it was made of.
        Directory.Delete(Backup, recursive: true);
        await Succeeds(backup);
        string whole;
        await using (var server = await EmbeddedPostgres.Start(Data, new()))
            whole = await Content($"{server.ConnectionString};Pooling=false");
        var external = await Empty();
        (await Succeeds(move, external)).ShouldContain("The log is as it was sealed.");
        (await Content(external)).ShouldBe(whole);
        (await Scalar(external, "select xid = '0' from kernel.audit_sealed")).ShouldBe(true, "transactions are counted anew");
        await Refused(move, "Name an empty one", external);
        // What others have in the same database is not ours to read.
        await Execute(_external, "create schema others; create table others.things (); create publication others_too");
        await Succeeds(ofExternal, external);
        (await File.ReadAllTextAsync($"{Backup}-external/heads.txt")).ShouldBe(await File.ReadAllTextAsync($"{Backup}/heads.txt"));

        async Task Rename(HttpStatusCode expected, string title)
        {
            using var client = new HttpClient { BaseAddress = _site };
            using var request = new HttpRequestMessage(HttpMethod.Patch, $"/users/{liam}/manage/profile")
            {
                Headers = { Authorization = new("Bearer", key) },
                Content = JsonContent.Create(new { extended_profile = new { job_title = title } }),
            };
            using var answer = await client.SendAsync(request);
            answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
        }
    }

    async Task Refused(string commands, string why, string database = "")
    {
        var (exit, said) = await Run(commands, database);
        exit.ShouldBe(1, said);
        said.ShouldContain(why);
        said.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task What_is_no_whole_backup_of_this_program_is_refused_before_anything_is_written()
    {
        var commands = Checkout.CommandsOf("docs/operate/backup.md");
        var (backup, restore) = (commands[0], commands[2]);
        await Refused(backup, "There is no installation");
        await using (var server = await EmbeddedPostgres.Start(Data, new())) await TestInstallation.Migrate(server.ConnectionString);
        (await Succeeds(backup)).ShouldContain("lie in clear");
        Directory.Delete(Path.Combine(Data.FullName, "postgres"), recursive: true);
        await made.CopyTo(Data);
        var (dump, about) = (Path.Combine(Backup, "database.dump"), Path.Combine(Backup, "about.json"));
        var (bytes, notes) = (await File.ReadAllBytesAsync(dump), await File.ReadAllTextAsync(about));

        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(dump, bytes);
        await Refused(restore, "is not as it was written");
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(dump, bytes);
        await File.WriteAllTextAsync(about, notes.Replace("kernel/001", "kernel/901", StringComparison.Ordinal));
        await Refused(restore, "made by a newer version");
        await File.WriteAllTextAsync(about, notes);
        foreach (var part in Directory.GetFiles(Backup))
        {
            File.Move(part, $"{part}.away");
            await Refused(restore, $"holds no whole backup: {Path.GetFileName(part)} is missing");
            File.Move($"{part}.away", part);
        }
        await File.WriteAllTextAsync(about, Regex.Replace(notes, "(\"pgDump\": )[0-9]+", "${1}99"));
        await Refused(restore, "Restore it into PostgreSQL 99 or newer");
        await File.WriteAllTextAsync(about, notes);
        var heads = await File.ReadAllTextAsync(Path.Combine(Backup, "heads.txt"));
        await File.WriteAllTextAsync(Path.Combine(Backup, "heads.txt"), heads + $"head {Guid.Empty} 1 00\n");
        await Refused(restore, "heads.txt is not as it was written");
        await File.WriteAllTextAsync(Path.Combine(Backup, "heads.txt"), heads);
        await Succeeds(restore);
    }

    [Fact]
    public async Task Of_a_newer_version_is_only_what_writes_for_an_older_server()
    {
        var (_, version) = await PostgresBinaries.FindTool("pg_dump", 1, mayBeNewer: true, default);
        version.ShouldBeGreaterThan(1);
        (await PostgresBinaries.FindTool("pg_restore", version, mayBeNewer: false, default)).Version.ShouldBe(version);
        foreach (var (server, mayBeNewer) in ((int, bool)[])[(1, false), (99, true)])
            (await Should.ThrowAsync<EmbeddedPostgresException>(() => PostgresBinaries.FindTool("pg_restore", server, mayBeNewer, default)))
                .Message.ShouldContain($"postgresql-client-{server}");
    }

    [Fact]
    public void Its_tools_trust_and_sign_in_as_the_product_does()
    {
        const string database = "Host=db.acme.example;Database=directory;Username=directory";
        var set = DatabaseTools.EnvironmentOf(database, new HashSet<string> { "PATH", "PGHOST", "PGSERVICE", "PGPASSWORD" });
        (set["PGHOST"], set["PGSERVICE"]).ShouldBe(("db.acme.example", null));
        foreach (var left in (string[])["PATH", "PGPASSWORD", "PGSSLROOTCERT"]) set.ShouldNotContainKey(left);
        foreach (var mode in (string[])["VerifyFull", "VerifyCA"])
        {
            var verifies = $"{database};SSL Mode={mode}";
            File.Exists(DatabaseTools.EnvironmentOf(verifies, new HashSet<string>())["PGSSLROOTCERT"]).ShouldBeTrue(mode);
            DatabaseTools.EnvironmentOf(verifies, new HashSet<string> { "PGSSLROOTCERT" }).ShouldNotContainKey("PGSSLROOTCERT");
            DatabaseTools.EnvironmentOf($"{verifies};Root Certificate=/ca.pem", new HashSet<string>())["PGSSLROOTCERT"].ShouldBe("/ca.pem");
        }
    }
}
