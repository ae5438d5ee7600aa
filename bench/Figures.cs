using System.Diagnostics;
using System.Globalization;

namespace DirectoryPlatform.Bench;

/// <summary>Tables and the closing line that a reader, or a script, takes from a bench.</summary>
static class Figures
{
    public static void Row(string what, params (string Unit, double Value)[] values)
    {
        var figures = values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Value,12:N2} {v.Unit}"));
        Console.WriteLine($"{what,-46} {string.Join("   ", figures)}");
    }

    /// <summary>What it ran on; the last line says the load at the end, the bench's own work included.</summary>
    public static void Machine() => Console.WriteLine($"{Environment.ProcessorCount} cores, {Model()}; load {Load()} before");

    /// <param name="rounds">The ratio of each round: two sides that ran one after the other.</param>
    public static void Ratio(IEnumerable<double> rounds)
    {
        var all = rounds.ToArray();
        Console.WriteLine($"load {Load()} after");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ratio {Median(all):F2}, {all.Min():F2} to {all.Max():F2} in {all.Length} round{(all.Length == 1 ? "" : "s")}"));
    }

    /// <summary>Of the times that were taken in turns: a ratio of the 95th percentiles for each of five parts.</summary>
    public static IEnumerable<double> InParts(IReadOnlyList<double> ours, IReadOnlyList<double> baseline)
    {
        const int parts = 5;
        for (var part = 0; part < parts; part++)
            yield return Percentile(Part(ours, part), 0.95) / Percentile(Part(baseline, part), 0.95);

        static IEnumerable<double> Part(IReadOnlyList<double> all, int part) => all.Where((_, i) => i % parts == part);
    }

    static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    static string Model() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
        ?.Split(':')[1].Trim() ?? "processor unknown";

    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);

    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    public static async Task<double> Seconds(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }
}
