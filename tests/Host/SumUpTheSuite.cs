using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Host;

/// <summary><c>./test</c> on results that this test writes: what it runs, tells and answers.</summary>
public sealed class SumUpTheSuite : IDisposable
{
    readonly Checkout _here = new("test", "build/suite.py", "build/works.py", "build/reach", "build/coverage");

    static readonly (string Project, string Program, string Hits)[] Covered =
        [("tests", "Tests", "1 0 0 0"), ("tests-browser", "Tests.Browser", "1 1 0 0")];

    public SumUpTheSuite()
    {
        Left("Tests",
            ("Kernel.Quick", "Passed", "00:00:00.0100000", ""),
            ("Kernel.Slow", "Passed", "00:01:02.5000000", ""),
            ("Kernel.Not", "NotExecuted", "00:00:00", ""));
        Left("Tests.Browser", ("Pages.Look", "Passed", "00:00:03.0000000", ""));
        _here.Write("tests/Kernel/Slow.cs", "namespace DirectoryPlatform.Tests.Kernel;\n[Trait(\"Run\", \"Kills\")]");
        _here.Write("tests/Architecture/Arrows.cs", "namespace DirectoryPlatform.Tests.Architecture;");
        _here.Program("path/dotnet", """
            echo "$* full=${DIRECTORYPLATFORM_FULL:-} run=${DIRECTORYPLATFORM_RUN:-} whole=${DIRECTORYPLATFORM_WHOLE_RUN:-}" >>done.txt
            case $1 in
              build | format)
                if [[ -e broken-$1 || ( -e broken-bench && $2 == bench/* ) ]]; then echo "what $1 said"; exit 1; fi ;;
              test)
                name=${2##*/DirectoryPlatform.}
                while [[ $1 != --results-directory ]]; do shift; done
                left=$name.trx
                if [[ $2 == *-again ]]; then left=again.$left; fi
                if [[ -e $left ]]; then mkdir -p "$2"; cp "$left" "$2"; fi
                if [[ -e $name.xml ]]; then mkdir -p "$2/one"; cp "$name.xml" "$2/one/coverage.cobertura.xml"; fi
                if [[ -e broken-off && $name == Tests.dll ]]; then echo "Test Run Aborted."; fi
                ! grep -q 'outcome="Failed"' "$left" || exit 1 ;;
            esac
            """);
    }

    public void Dispose() => _here.Dispose();

    /// <summary>What a test program leaves, as far as it is read.</summary>
    void Left(string program, params (string Name, string Outcome, string Took, string Message)[] results)
    {
        var each = results.Select(r => $"""
            <UnitTestResult testName="{r.Name}" outcome="{r.Outcome}" duration="{r.Took}">
              <Output><ErrorInfo><Message>{r.Message}</Message><StackTrace>at {r.Name} in File.cs</StackTrace></ErrorInfo></Output>
            </UnitTestResult>
            """);
        _here.Write($"{program}.dll.trx", $"""
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>{string.Concat(each)}</Results></TestRun>
            """);
    }

    IEnumerable<string> Done(string verb) =>
        File.ReadLines(_here.At("done.txt")).Where(line => line.StartsWith(verb, StringComparison.Ordinal));

    [Fact]
    public async Task The_last_line_is_the_sum_of_both_projects_and_the_style()
    {
        var (code, lines) = await _here.Run("test");
        (code, lines[^1]).ShouldBe((0, "4 passed, 0 failed, 1 skipped"), string.Join('\n', lines));
        lines.SkipWhile(line => line != "The slowest:").Skip(1).Take(2).ShouldBe(["    62.5 s  Kernel.Slow", "     3.0 s  Pages.Look"]);
        Done("test").ShouldAllBe(line => line.EndsWith(" full= run= whole=1") && !line.Contains("--filter"));
        Done("test").Count().ShouldBe(2);
    }

    [Fact]
    public async Task What_failed_is_told_with_what_it_said()
    {
        Left("Tests",
            ("Kernel.Quick", "Passed", "00:00:00.0100000", ""),
            ("Kernel.Slow(name: &quot;a&quot;)", "Failed", "00:00:01", "1 &lt; 2\n  but not now"));
        var (code, lines) = await _here.Run("test");
        (code, lines[^1]).ShouldBe((1, "3 passed, 1 failed, 0 skipped"));
        lines.ShouldContain("""FAILED  Kernel.Slow(name: "a"): 1 < 2 but not now""");
        lines.ShouldContain("""at Kernel.Slow(name: "a") in File.cs""");
    }

    [Fact]
    public async Task What_fails_once_and_then_passes_alone_has_passed_and_is_told_as_unsteady()
    {
        Left("Tests",
            ("Kernel.Quick", "Passed", "00:00:00.0100000", ""),
            ("Kernel.Slow(name: &quot;a&quot;)", "Failed", "00:00:01", "too late\n  by 1 s"),
            ("Kernel.Slow(name: &quot;b&quot;)", "Passed", "00:00:01", ""),
            ("Kernel.Wrong", "Failed", "00:00:01", "1 &lt; 2"));
        Left("again.Tests",
            ("Kernel.Slow(name: &quot;a&quot;)", "Passed", "00:00:01", ""),
            ("Kernel.Slow(name: &quot;b&quot;)", "Failed", "00:00:01", "not this time"),
            ("Kernel.Wrong", "Failed", "00:00:01", "1 &lt; 2"));
        var (code, lines) = await _here.Run("test");
        // Of five tests and the style; nothing counts twice.
        (code, lines[^1]).ShouldBe((1, "5 passed, 1 failed, 0 skipped"), string.Join('\n', lines));
        string[] unsteady = ["UNSTEADY  Kernel.Slow(name: \"a\"): too late by 1 s", "UNSTEADY  Kernel.Slow(name: \"b\"): not this time"];
        lines.Where(line => line.StartsWith("UNSTEADY", StringComparison.Ordinal)).Order().ShouldBe(unsteady);
        lines.Where(line => line.StartsWith(' ') && line.Contains("  UNSTEADY  ")).Select(line => line[8..]).Order().ShouldBe(unsteady);
        lines.Where(line => line.StartsWith("FAILED", StringComparison.Ordinal)).ShouldBe(["FAILED  Kernel.Wrong: 1 < 2"]);
        var again = Done("test").Where(line => line.Contains("tests-again")).ShouldHaveSingleItem();
        again.ShouldContain("--filter (FullyQualifiedName=Kernel.Slow|FullyQualifiedName=Kernel.Wrong)&Asks!=AllOthers"
            + "&Run!=Kills&Run!=Chaos&Run!=Fuzz&Run!=Mutate --logger");
        again.ShouldEndWith(" full= run= whole=");
        Done("test").Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_run_in_which_all_that_failed_passes_alone_has_succeeded()
    {
        Left("Tests.Browser", ("Pages.Look", "Failed", "00:00:03", "too late"));
        Left("again.Tests.Browser", ("Pages.Look", "Passed", "00:00:03", ""));
        var (code, lines) = await _here.Run("test");
        (code, lines[^1]).ShouldBe((0, "4 passed, 0 failed, 1 skipped"), string.Join('\n', lines));
        lines.ShouldContain("UNSTEADY  Pages.Look: too late");
    }

    /// <summary>Nothing hides behind a second try: neither what it does not find or skips, nor a program that died on its way.</summary>
    [Theory]
    [InlineData(1, "NotExecuted", false, "2 passed, 1 failed, 0 skipped")]
    [InlineData(1, null, false, "2 passed, 1 failed, 0 skipped")]
    [InlineData(1, "Passed", true, "2 passed, 2 failed, 0 skipped")]
    [InlineData(5, "Passed", false, "7 passed, 0 failed, 0 skipped")]
    [InlineData(6, "Passed", false, "2 passed, 6 failed, 0 skipped")]
    public async Task A_second_try_hides_nothing(int failed, string? outcome, bool isBrokenOff, string sum)
    {
        var names = Enumerable.Range(0, failed).Select(i => $"Kernel.Late{i}").ToList();
        Left("Tests", [.. names.Select(name => (name, "Failed", "00:00:01", "too late"))]);
        Left("again.Tests", outcome is null ? [("Kernel.Other", "Passed", "00:00:01", "")]
            : [.. names.Select(name => (name, outcome, "00:00:01", ""))]);
        if (isBrokenOff) _here.Write("broken-off", "");
        var (code, lines) = await _here.Run("test");
        (code, lines[^1]).ShouldBe((sum.Contains(" 0 failed") ? 0 : 1, sum), string.Join('\n', lines));
    }

    /// <summary>What a release rests on is asked once.</summary>
    [Theory]
    [InlineData("--full", "2 passed, 1 failed, 0 skipped")]
    [InlineData("--full Kills", "1 passed, 1 failed, 0 skipped")]
    public async Task Nothing_in_its_whole_size_is_tried_again(string arguments, string sum)
    {
        Left("Tests", ("Kernel.Late", "Failed", "00:00:01", "too late"));
        Left("again.Tests", ("Kernel.Late", "Passed", "00:00:01", ""));
        var (code, lines) = await _here.Run("test", arguments.Split(' '));
        (code, lines[^1]).ShouldBe((1, sum), string.Join('\n', lines));
        lines.ShouldContain("FAILED  Kernel.Late: too late");
        Done("test").Count().ShouldBe(2, "one run of each project");
    }

    [Theory]
    [InlineData("build", "0 passed, 1 failed, 0 skipped", "FAILED  the build")]
    [InlineData("format", "3 passed, 1 failed, 1 skipped", "FAILED  the style; dotnet format puts it right")]
    public async Task A_build_or_a_style_that_is_wrong_is_a_failure(string verb, string sum, string failure)
    {
        _here.Write($"broken-{verb}", "");
        var (code, lines) = await _here.Run("test");
        (code, lines[^1]).ShouldBe((1, sum));
        lines.ShouldContain(failure);
        lines.ShouldContain($"what {verb} said");
    }

    [Fact]
    public async Task What_is_built_beside_the_first_tests_and_is_broken_is_a_failure_and_no_journey_begins()
    {
        _here.Write("broken-bench", "");
        var (code, lines) = await _here.Run("test");
        (code, lines[^1]).ShouldBe((1, "3 passed, 1 failed, 1 skipped"));
        lines.ShouldContain("FAILED  the build");
        Done("test").ShouldHaveSingleItem();
        Done("build").Select(line => line.Split(' ')[1]).Order().ShouldBe(
            ["bench/Bench.csproj", "tests-browser/Tests.Browser.csproj", "tests/Tests.csproj"]);
    }

    [Theory]
    [InlineData("<TestRun><Resu")]
    [InlineData(null)]
    public async Task A_project_without_readable_results_is_a_failure(string? text)
    {
        if (text is null) File.Delete(_here.At("Tests.dll.trx"));
        else _here.Write("Tests.dll.trx", text);
        var (code, lines) = await _here.Run("test");
        (code, lines[^1]).ShouldBe((1, "2 passed, 1 failed, 0 skipped"));
        lines.ShouldContain("FAILED  tests left no results");
    }

    [Fact]
    public async Task Nothing_that_passed_is_a_failure()
    {
        File.Delete(_here.At("Tests.dll.trx"));
        File.Delete(_here.At("Tests.Browser.dll.trx"));
        var (code, lines) = await _here.Run("test", "Nobody");
        (code, lines[^1]).ShouldBe((1, "0 passed, 0 failed, 0 skipped"));
    }

    [Theory]
    [InlineData("Claim", "--filter FullyQualifiedName~Claim ", "full= run= whole=")]
    [InlineData("Rule=C3", "--filter Rule=C3 ", "full= run= whole=")]
    [InlineData("--full", "", "full=1 run= whole=1")]
    [InlineData("--full Claim", "--filter FullyQualifiedName~Claim ", "full=1 run= whole=")]
    [InlineData("--full Kills", "--filter Run=Kills ", "full=1 run=Kills whole=")]
    [InlineData("Kills", "--filter FullyQualifiedName~Kills ", "full= run= whole=")]
    public async Task Filter_and_size_reach_the_tests(string arguments, string filter, string environment)
    {
        var (code, lines) = await _here.Run("test", arguments.Split(' '));
        code.ShouldBe(0, string.Join('\n', lines));
        Done("test").ShouldAllBe(line => line.EndsWith(environment) && line.Contains($".dll {filter}--logger"));
        Done("format").Count().ShouldBe(filter.Length == 0 ? 1 : 0);
    }

    [Fact]
    public async Task Everything_in_its_whole_size_ends_with_one_number_of_lines_that_some_test_reached()
    {
        _here.Write("packages/coverlet.collector/1.0/build/net8.0/coverlet.collector.dll", "");
        _here.Write("modules/A.cs", "");
        foreach (var (project, program, hits) in Covered)
        {
            _here.Write($"{project}/obj/project.assets.json",
                $$$"""{"libraries":{"coverlet.collector/1.0":{}},"packageFolders":{"{{{_here.At("packages")}}}/":{ } } }""");
            var lines = hits.Split(' ').Select((hit, i) => $"""<line number="{i}" hits="{hit}" />""");
            _here.Write($"{program}.dll.xml", $"""
                <coverage><sources><source>{_here.At("modules")}/</source></sources><packages>
                <class filename="A.cs"><lines>{string.Concat(lines)}</lines></class>
                <class filename="../web/obj/B.cs"><lines><line number="1" hits="0" /></lines></class></packages></coverage>
                """);
        }
        (await _here.Run("test", "--full")).Lines.ShouldContain("Lines of the product that tests executed: 50.0 % (2 of 4)");
        Done("test").Count(line => line.Contains("--collect XPlat Code Coverage", StringComparison.Ordinal)).ShouldBe(2);
        foreach (var less in (string[][])[["--full", "Claim"], ["--full", "Kills"], []])
            (await _here.Run("test", less)).Lines.ShouldNotContain(line => line.Contains(" % (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_runs_what_it_reaches_and_nothing_else()
    {
        await Git("init", "-q");
        _here.Write(".gitignore", "*\n!*/\n!tests/**\n");
        await Git("add", ".");
        await Git("-c", "user.name=a", "-c", "user.email=a@acme.example", "commit", "-qm", "first");
        _here.Write("tests/Tests.csproj", "<Project />");
        await Git("add", "tests/Tests.csproj");
        await Git("-c", "user.name=a", "-c", "user.email=a@acme.example", "commit", "-qm", "second");
        _here.Write("tests/Kernel/Slow.cs", "namespace DirectoryPlatform.Tests.Kernel;");
        _here.Write("tests/Architecture/New.cs", "namespace DirectoryPlatform.Tests.Architecture;");

        var (code, lines) = await _here.Run("test", "--changed");
        (code, lines[^1]).ShouldBe((0, "3 passed, 0 failed, 1 skipped"), string.Join('\n', lines));
        string[] names = ["DirectoryPlatform.Tests.Architecture.", "DirectoryPlatform.Tests.Kernel."];
        var filter = string.Join('|', names.Select(name => $"FullyQualifiedName~{name}"));
        Done("test").ShouldHaveSingleItem().ShouldContain($".dll --filter {filter} --logger");

        // A project file reaches everything.
        (await _here.Run("test", "--changed", "HEAD~1")).Lines[^1].ShouldBe("4 passed, 0 failed, 1 skipped");
        (await _here.Run("test", "--changed", "nowhere")).Code.ShouldNotBe(0);
    }

    async Task Git(params string[] arguments)
    {
        using var git = System.Diagnostics.Process.Start("git", ["-C", _here.Folder.FullName, .. arguments]);
        await git.WaitForExitAsync();
        git.ExitCode.ShouldBe(0);
    }
}
