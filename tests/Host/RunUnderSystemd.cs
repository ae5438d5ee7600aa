using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Host;

/// <summary>The unit of docs/operate is one that systemd takes, and as closed as the guide says. Where there is no systemd, nothing is
/// shown.</summary>
[Trait("Rule", "R2")]
public sealed partial class RunUnderSystemd : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dp-unit-");

    public void Dispose() => _folder.Delete(recursive: true);

    static string Unit => Path.Combine(Checkout.Root.FullName, "docs", "operate", "directory-platform.service");

    /// <summary>With a program where it names one.</summary>
    string Written(Func<string, string> change)
    {
        var program = Path.Combine(_folder.FullName, "DirectoryPlatform.Host");
        File.WriteAllText(program, "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var file = Path.Combine(_folder.FullName, "directory-platform.service");
        File.WriteAllText(file, change(File.ReadAllText(Unit).Replace("/opt/directory-platform/", _folder.FullName + "/",
            StringComparison.Ordinal)));
        return file;
    }

    static async Task<(int Exit, string Said)?> Analyze(params string[] arguments)
    {
        if (!File.Exists("/usr/bin/systemd-analyze")) return null;
        var start = new ProcessStartInfo("/usr/bin/systemd-analyze", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    [Fact]
    public async Task Systemd_takes_the_unit_and_finds_it_as_closed_as_the_guide_says()
    {
        if (await Analyze("verify", Written(text => text)) is not { } verified) return;
        verified.ShouldBe((0, ""));
        (await Analyze("verify", Written(text => text.Replace("Restart=on-failure", "Restart=perhaps", StringComparison.Ordinal))))!.Value
            .Said.ShouldContain("perhaps", Case.Sensitive, "a planted fault is found");

        var (_, said) = (await Analyze("security", "--offline=true", Written(text => text)))!.Value;
        var guide = await File.ReadAllTextAsync(Path.Combine(Checkout.Root.FullName, "docs", "operate", "production.md"));
        double.Parse(Exposure().Match(said).Groups[1].Value, CultureInfo.InvariantCulture)
            .ShouldBe(double.Parse(Promised().Match(guide).Groups[1].Value, CultureInfo.InvariantCulture), 0.5);
    }

    [GeneratedRegex(@"exposure level for .*: (\d+\.\d+)")]
    private static partial Regex Exposure();

    [GeneratedRegex(@"calls its exposure (\d+\.\d+) of 10")]
    private static partial Regex Promised();
}
