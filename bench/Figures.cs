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

    public static void Ratio(double ratio) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {ratio:F2}"));

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
