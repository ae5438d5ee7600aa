using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Host;

/// <summary>
/// What `bench` says now against what <c>docs/figures.md</c> says it said. Ratios of two sides of one run, because a machine differs from
/// another, and from itself: worse is only what lies beyond the spread of both.
/// </summary>
[Trait("Run", "Figures")]
[Collection(Heavy.Name)]
public sealed partial class CompareFigures(ITestOutputHelper output)
{
    const string Run = "Figures";

    /// <param name="Command">The bench and its options.</param>
    sealed record Figure(string Command, bool HigherIsBetter, double Lowest, double Highest);

    static IReadOnlyList<Figure> Written() => Rows(File.ReadAllText(Path.Combine(Checkout.Root.FullName, "docs", "figures.md")));

    static IReadOnlyList<Figure> Rows(string document) => [.. Row().Matches(document).Select(r => new Figure(r.Groups["bench"].Value,
        r.Groups["better"].Value == "higher", Number(r.Groups["lowest"].Value), Number(r.Groups["highest"].Value)))];

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    static bool IsWorse(Figure then, double lowest, double highest) =>
        then.HigherIsBetter ? highest < then.Lowest : lowest > then.Highest;

    [Theory]
    [InlineData("higher", 1.00, 1.10, false)]
    [InlineData("higher", 0.80, 1.00, false)]
    [InlineData("higher", 0.80, 0.89, true)]
    [InlineData("higher", 2.00, 3.00, false)]
    [InlineData("lower", 1.21, 1.30, true)]
    [InlineData("lower", 1.19, 1.30, false)]
    [InlineData("lower", 0.10, 0.20, false)]
    public void Worse_is_what_lies_beyond_the_spread_of_both(string better, double lowest, double highest, bool worse)
    {
        var then = Rows($"| `turn --callers 64` | {better} | 1.05 | 0.90 | 1.20 | 2026-11-30 |").Single();
        IsWorse(then, lowest, highest).ShouldBe(worse);
    }

    [Fact]
    public void Each_written_figure_names_a_bench_that_there_is()
    {
        var program = File.ReadAllText(Path.Combine(Checkout.Root.FullName, "bench", "Program.cs"));
        Written().Count.ShouldBeGreaterThan(3);
        foreach (var figure in Written())
        {
            program.ShouldContain($"case \"{figure.Command.Split(' ')[0]}\":");
            figure.Lowest.ShouldBeLessThanOrEqualTo(figure.Highest, figure.Command);
        }
    }

    [Fact]
    public async Task No_figure_is_worse_than_it_was()
    {
        using var alone = await Proof.Alone();
        var worse = new List<string>();
        foreach (var figure in Written())
        {
            // Half an hour of a quiet machine is for the named run alone; otherwise each is held against what it said itself.
            var said = Proof.Size(Run, false, true) ? await Bench(figure.Command) : string.Create(CultureInfo.InvariantCulture,
                $"load 1.00 after\nratio {figure.Lowest:F2}, {figure.Lowest:F2} to {figure.Highest:F2} in 3 rounds\n");
            var now = Said().Match(said);
            now.Success.ShouldBeTrue($"bench {figure.Command}: {said}");
            var (lowest, highest) = (Number(now.Groups["lowest"].Value), Number(now.Groups["highest"].Value));
            var line = $"{figure.Command}: {lowest:F2} to {highest:F2}, was {figure.Lowest:F2} to {figure.Highest:F2}";
            output.WriteLine(line);
            if (IsWorse(figure, lowest, highest)) worse.Add(line);
        }
        worse.ShouldBeEmpty();
    }

    static async Task<string> Bench(string command)
    {
        var program = Path.Combine(Checkout.Root.FullName, "bench", "bin", "Release", "net10.0", "DirectoryPlatform.Bench.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = Checkout.Root.FullName };
        foreach (var argument in (string[])[program, .. command.Split(' ')]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, said);
        return said;
    }

    [GeneratedRegex(@"^\| `(?<bench>[a-z]+[^`]*)` \| (?<better>higher|lower) \| [\d.]+ \| (?<lowest>[\d.]+) \| (?<highest>[\d.]+) \|",
        RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^ratio [\d.]+, (?<lowest>[\d.]+) to (?<highest>[\d.]+) in", RegexOptions.Multiline)]
    private static partial Regex Said();
}
