using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Host;

/// <summary>
/// The package that <c>build/publish --deb</c> makes (SPEC R11), of what is built here: into a fresh root, over itself, and out again; and
/// its program started as its unit starts it. Publishing itself takes minutes and is not repeated here.
/// </summary>
[Trait("Rule", "R11")]
[Collection(Programs.Name)]
public sealed partial class PackageForDebian : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dp-deb-");

    public void Dispose() => _folder.Delete(recursive: true);

    string At(string path) => Path.Combine(_folder.FullName, path);

    static string Root => Checkout.Root.FullName;

    async Task<(int Exit, string Said)> Run(string script, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return (process.ExitCode, await said + await errors);
    }

    async Task<string> Succeeds(string script, params (string Name, string Value)[] environment)
    {
        var (exit, said) = await Run(script, environment);
        exit.ShouldBe(0, said);
        return said;
    }

    async Task<string> Package(string version)
    {
        await Succeeds($"""
            rm -rf published && mkdir -p published/cli
            cp -r {Root}/host/bin/Release/net10.0/. published
            printf '#!/bin/sh\n' > published/cli/directory && chmod 755 published/cli/directory
            {Root}/build/notice --sbom {version} > published/sbom.json
            {Root}/build/deb published {version} amd64 .
            """, ("DEB_COMPRESS", "-Zgzip -z1"));
        return At($"directory-platform_{version.Replace('-', '~')}_amd64.deb");
    }

    /// <summary>As on a machine of its own: scripts are told of the root and run outside of it.</summary>
    Task<string> Dpkg(string what) => Succeeds($"""
        mkdir -p root/var/lib/dpkg/updates root/var/lib/dpkg/info root/etc && touch root/var/lib/dpkg/status
        {(Environment.UserName == "root" ? "" : "fakeroot ")}dpkg --root={At("root")} --log=/dev/null \
          --force-depends --force-script-chrootless --force-not-root {what}
        """, ("PATH", $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin"));

    [Fact]
    public async Task It_installs_into_a_fresh_root_upgrades_and_leaves_the_data_behind()
    {
        if (!File.Exists("/usr/bin/dpkg-deb")) return;
        var first = await Package("1.2.3");
        (await Succeeds($"dpkg-deb --field {first} Package Version Architecture")).ShouldBe(
            "Package: directory-platform\nVersion: 1.2.3\nArchitecture: amd64\n");
        // A node's database is on another machine as a rule, and apt installs what is recommended.
        (await Succeeds($"dpkg-deb --field {first} Recommends")).ShouldBe("postgresql-client-15 | postgresql-client\n");
        await Dpkg($"--install {first}");
        (await Succeeds("cat root/etc/passwd")).ShouldContain("directory:");
        foreach (var (path, mode) in ((string, string)[])[
            ("etc/directory-platform", "750"), ("etc/directory-platform/node.env", "640"), ("var/lib/directory-platform", "700"),
            ("opt/directory-platform/DirectoryPlatform.Host", "755")])
            (await Succeeds($"stat -c %a root/{path}")).Trim().ShouldEndWith(mode, customMessage: path);
        (await Succeeds("stat -c %u:%g root/opt/directory-platform/DirectoryPlatform.Host")).ShouldBe("0:0\n", "it cannot change itself");
        (await Succeeds("readlink root/usr/bin/directory")).ShouldBe("/opt/directory-platform/cli/directory\n");

        var unit = await File.ReadAllTextAsync(At("root/usr/lib/systemd/system/directory-platform.service"));
        var command = ExecStart().Match(unit).Groups[1].Value.Split(' ');
        command[0].ShouldBe("/opt/directory-platform/DirectoryPlatform.Host");
        await StartAsTheUnitDoes(At($"root{command[0]}"), command[1..]);

        await File.WriteAllTextAsync(At("root/etc/directory-platform/node.env"), "PublicUrl='https://directory.acme.example'\n");
        await File.WriteAllTextAsync(At("root/var/lib/directory-platform/data"), "ours");
        await Dpkg($"--install {await Package("1.3.0-alpha.1")}");
        (await Succeeds("dpkg-query --admindir=root/var/lib/dpkg -W")).ShouldContain("1.3.0~alpha.1");
        (await File.ReadAllTextAsync(At("root/etc/directory-platform/node.env"))).ShouldContain("acme", Case.Sensitive, "settings stay");
        await Dpkg("--remove directory-platform");
        (File.Exists(At("root/opt/directory-platform/DirectoryPlatform.Host")), File.Exists(At("root/var/lib/directory-platform/data")))
            .ShouldBe((false, true));
    }

    /// <summary>The package's scripts, below a folder of the test's own and with what they start written down in place of done.</summary>
    [Fact]
    public async Task An_upgrade_stops_a_node_that_runs_before_its_files_change()
    {
        if (!File.Exists("/usr/bin/dpkg-deb")) return;
        var package = await Package("1.2.3");
        var calls = await Succeeds($"""
            dpkg-deb --control {package} control
            mkdir -p run/systemd/system bin
            for name in systemctl systemd-sysusers systemd-tmpfiles; do
              printf '#!/bin/sh\necho '$name' $1 >> calls\n[ "$1" != is-active ] || cat state\n' > bin/$name
              chmod +x bin/$name
            done
            sed -i "s#/run/#$PWD/run/#g" control/prerm control/postinst
            for state in active inactive; do
              echo $state > state
              sh control/prerm upgrade 1.3.0
              echo unpacked >> calls
              sh control/postinst configure 1.2.3
            done
            cat calls
            """, ("PATH", $"{At("bin")}:{Environment.GetEnvironmentVariable("PATH")}"));
        calls.Split('\n').Where(c => c is "unpacked" or "systemctl stop" or "systemctl start" or "systemctl try-restart").ShouldBe(
            ["systemctl stop", "unpacked", "systemctl start", "unpacked", "systemctl try-restart"]);
    }

    /// <summary>With its arguments, but for the port and the data folder, which are the machine's.</summary>
    async Task StartAsTheUnitDoes(string program, string[] arguments)
    {
        var database = await TestDatabase.Fresh(nameof(PackageForDebian), TestInstallation.Migrate);
        var url = $"http://127.0.0.1:{Ports.Free()}";
        try
        {
            var start = new ProcessStartInfo(program,
                arguments.Select(a =>
                    a.StartsWith("http", StringComparison.Ordinal) ? url : a == "/var/lib/directory-platform" ? At("data") : a))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = _folder.FullName,
            };
            start.Environment["ConnectionStrings__Directory"] = database;
            // What a published one brings along.
            start.Environment["DOTNET_ROOT"] = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.Parent!.FullName;
            using var process = Process.Start(start)!;
            var said = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            using var client = new HttpClient();
            await TestInstallation.Others(async () =>
            {
                process.HasExited.ShouldBeFalse();
                try { return (await client.GetAsync($"{url}/health/ready")).IsSuccessStatusCode; }
                catch (HttpRequestException) { return false; }
            }, TimeSpan.FromMinutes(1), "it is not ready");
            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            process.ExitCode.ShouldBe(0, await said + await errors);
        }
        finally { await TestDatabase.Drop(database); }
    }

    /// <summary>Sums are what other people's folders have, too, and the folder that holds a published one.</summary>
    [Theory]
    [InlineData("ours/SHA256SUMS"), InlineData("ours/letter"), InlineData("ours/linux-x64/.published-by-directory-platform")]
    [InlineData("ours")]
    public async Task It_is_published_over_nothing_that_was_not_published(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
        await File.WriteAllTextAsync(At(file), "ours");
        var (exit, said) = await Run($"{Root}/build/publish linux-x64 {At("ours")}");
        exit.ShouldBe(1, said);
        said.ShouldContain("was not published");
        (await File.ReadAllTextAsync(At(file))).ShouldBe("ours");
    }

    [Fact]
    public async Task Publishing_says_how_it_is_asked() =>
        (await Succeeds($"{Root}/build/publish --help")).ShouldContain("build/publish [--deb] [linux-x64] [FOLDER]");

    [Fact]
    public async Task The_bill_of_materials_names_what_the_notice_names()
    {
        using var bill = JsonDocument.Parse(await Succeeds($"{Root}/build/notice --sbom 1.2.3"));
        var root = bill.RootElement;
        (root.GetProperty("bomFormat").GetString(), root.GetProperty("specVersion").GetString()).ShouldBe(("CycloneDX", "1.6"));
        root.GetProperty("metadata").GetProperty("component").GetProperty("version").GetString().ShouldBe("1.2.3");
        var components = root.GetProperty("components").EnumerateArray().ToList();
        components.Count.ShouldBeGreaterThan(40);
        components.Select(c => c.GetProperty("bom-ref").GetString()).Distinct().Count().ShouldBe(components.Count);
        components.ShouldAllBe(c => c.GetProperty("licenses").GetArrayLength() == 1);
        components.Select(c => c.TryGetProperty("purl", out var purl) ? purl.GetString() : null).ShouldContain("pkg:nuget/Dapper@2.1.86");
        var notice = await File.ReadAllTextAsync(Path.Combine(Root, "NOTICE"));
        components.Select(c => $"{c.GetProperty("name")} {c.GetProperty("version")}: ")
            .Where(line => !notice.Contains(line, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [GeneratedRegex("^ExecStart=(.*)$", RegexOptions.Multiline)]
    private static partial Regex ExecStart();
}
