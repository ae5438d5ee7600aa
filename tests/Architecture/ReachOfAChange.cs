using System.Diagnostics;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>What <c>./test --changed</c> runs: too much costs minutes, too little costs trust.</summary>
public sealed class ReachOfAChange
{
    const string Everything = "tests *, tests-browser *";

    static readonly (string Files, string Reached)[] Expected =
    [
        // A module: the tests of its own folder and of all that refer to it; Architecture reads every source.
        ("modules/Kernel/Any.cs", Of(
            "Accounts Architecture Domains Host Kernel Provisioning Reporting Security Sites Web", "Accounts Domains Security Sites")),
        ("modules/Sites/Any.sql", Of("Architecture Host Provisioning Reporting Security Sites Web", "Security Sites")),
        ("modules/Provisioning/Any.cs", Of("Architecture Host Provisioning Reporting Web", "")),
        ("modules/Reporting/Any.cs", Of("Architecture Host Reporting Web", "")),
        ("web/Pages/Any.cshtml", Of("Architecture Cli Host Provisioning Reporting Sites Web", "*")),
        // A test: its folder and those that borrow from it.
        ("cli/Any.cs", Of("Architecture Cli", "")),
        ("tests/Accounts/Any.cs", Of("Accounts Architecture", "")),
        ("tests/Web/Any.cs", Of("Architecture Cli Provisioning Reporting Sites Web", "")),
        ("tests-browser/Sites/Any.cs", Of("Architecture", "Sites")),
        ("tests-browser/Pages/Any.cs", Of("Architecture", "Hygiene Pages")),
        ("tests-browser/Support/Any.cs", Of("Architecture", "*")),
        // A text: the tests that read it, or all of its kind. Written in two pieces, or this text named the file, too.
        ("docs/api." + "md",
            Of("Architecture.KeepLinesShort Architecture.KeepThePaths Host.TellEverySetting Web.DriveAGeneratedClient "
                + "Web.RunTheExamples", "")),
        ("docs/tests." + "md", Of("Architecture.KeepLinesShort Architecture.KeepThePaths Host.TellEverySetting", "")),
        ("docs/nginx." + "conf", Of("Architecture.KeepLinesShort Sites.GuardAnApp Sites.KeepSessionsFromApps Web.TrustProxies "
            + "Web.TryTheFindingsOnTheProgram", "")),
        ("modules/README." + "md", Of("Architecture.KeepLinesShort Architecture.KeepThePaths Host.TellEverySetting",
            "Pages.Pictures")),
        ("bench/Any.cs", ""),
        // Several: what each of them reaches.
        ("bench/Any.cs tests/Accounts/Any.cs tests-browser/Demo/Any.cs tests-browser/Support/Any.cs", Of("Accounts Architecture", "*")),
        // What everything stands on, and what nobody thought of.
        ("host/Program.cs", Everything),
        ("tests/Support/smtp.py", Everything),
        ("tests/openapi/package.json", Everything),
        ("tests/Tests.csproj", Everything),
        ("modules/Sites/Sites.csproj", Everything),
        ("modules/Directory.Build.props", Everything),
        ("Directory.Packages.props", Everything),
        ("build/install", Everything),
        ("test", Everything),
        ("bench/Any.cs nobody/thought/of.this", Everything),
    ];

    static string Of(string tests, string journeys)
    {
        string[] names = [.. Named("tests", tests), .. Named("tests-browser", journeys)];
        return string.Join(", ", names);

        static IEnumerable<string> Named(string project, string text) =>
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => $"{project} {name}");
    }

    /// <summary>In one process: reading all tests is most of its work.</summary>
    [Fact]
    public async Task A_change_reaches_the_tests_of_its_folder_and_of_all_that_use_it()
    {
        string[] arguments = [Path.Combine(Checkout.Root.FullName, "build/reach"), "--of", .. Expected.Select(e => e.Files)];
        using var process = Process.Start(new ProcessStartInfo(Checkout.Python, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);

        var (answers, names) = (new List<string>(), new List<string>());
        foreach (var line in output.Split('\n')[..^1])
        {
            if (line.Length > 0)
                names.Add(line.Replace(" DirectoryPlatform.Tests.Browser.", " ").Replace(" DirectoryPlatform.Tests.", " "));
            else
            {
                answers.Add(string.Join(", ", names));
                names.Clear();
            }
        }
        answers.Count.ShouldBe(Expected.Length);
        Expected.Zip(answers, (e, answer) => (e.Files, answer)).ShouldBe(Expected);
    }
}
