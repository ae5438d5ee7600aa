using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Host;

/// <summary>What the guides tell an operator to look at is there: queries, metrics, alarms.</summary>
[Trait("Rule", "R6")]
public sealed partial class AskWhatTheGuidesAsk : OnInstallation
{
    static string Text(string file) => File.ReadAllText(Path.Combine(Checkout.Root.FullName, "docs", "operate", file));

    [Fact]
    public async Task Every_query_is_answered()
    {
        var queries = ((string[])["telemetry.md", "cluster.md"]).SelectMany(file => Query().Matches(Text(file)))
            .Select(m => m.Groups[1].Value).ToList();
        queries.Count.ShouldBe(6);
        foreach (var query in queries) await Here.Rows<object>(query);
    }

    [Fact]
    public void The_table_of_metrics_has_those_that_are_measured()
    {
        var measured = new HashSet<string> { Meters.Commands.Name };
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name != Meters.Name) return;
                lock (measured) measured.Add(instrument.Name);
            },
        };
        listener.Start();
        using var waiting = new WaitingWork(Here.Services.GetRequiredService<NpgsqlDataSource>(), new(TimeSpan.FromMinutes(1)));
        var table = Text("telemetry.md").Split('\n').Where(row => row.StartsWith("| `directory.", StringComparison.Ordinal))
            .SelectMany(row => Metric().Matches(row.Split('|')[1])).Select(m => m.Groups[1].Value);
        lock (measured) table.Order().ShouldBe(measured.Order());
    }

    [Fact]
    public void Every_alarm_is_told_what_to_look_at() =>
        Alarm().Matches(Text("telemetry.md")).Select(m => m.Groups[1].Value).Distinct().Order()
            .ShouldBe(NewAlarm().Matches(Text("alerts.yml")).Select(m => m.Groups[1].Value).Order());

    [GeneratedRegex(@"(?:`|```sql\n)(select [^`;]+)")]
    private static partial Regex Query();

    [GeneratedRegex(@"`(directory\.[a-z.]+)`")]
    private static partial Regex Metric();

    [GeneratedRegex("`(Directory[A-Z][A-Za-z]+)`")]
    private static partial Regex Alarm();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex NewAlarm();
}
