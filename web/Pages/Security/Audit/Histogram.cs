namespace DirectoryPlatform.Web.Pages.Security.Audit;

/// <summary>Events over time as bars of one width: hours, or as many hours as leave at most <see cref="Most"/> of them.</summary>
/// <param name="Step">Hours of one bar.</param>
/// <param name="Bars">From the first to the last, with those of no events.</param>
public sealed record Histogram(int Step, IReadOnlyList<HistogramBar> Bars, bool Whole)
{
    const int Most = 62;

    /// <summary>Hours; from a day on they begin at midnight in UTC.</summary>
    static readonly int[] Steps = [1, 3, 6, 12, 24, 7 * 24, 28 * 24, 365 * 24];

    public long Total => Bars.Sum(b => b.Rows);
    public long Highest => Bars.Select(b => b.Rows).DefaultIfEmpty().Max();

    public string StepInWords => Step switch
    {
        1 => "hour",
        < 24 => $"{Step} hours",
        24 => "day",
        7 * 24 => "week",
        _ => $"{Step / 24} days",
    };

    /// <param name="from">Null for the oldest event.</param>
    /// <param name="to">Not included.</param>
    public static Histogram Of(AuditCounts counts, DateTimeOffset? from, DateTimeOffset to)
    {
        if (counts.Hours.Count == 0) return new(1, [], true);
        // Not before the first event: the widest bar is a year.
        var first = from is { } given && counts.Whole && given > counts.Hours[0].At ? given : counts.Hours[0].At;
        var span = (to > first ? to - first : TimeSpan.FromHours(1)).TotalHours;
        var step = Steps.FirstOrDefault(s => span / s <= Most, Steps[^1]);
        var begin = Floor(first, step);
        var rows = counts.Hours.GroupBy(h => Floor(h.At, step)).ToDictionary(g => g.Key, g => g.Sum(h => h.Rows));
        var bars = new List<HistogramBar>();
        for (var at = begin; at < to && bars.Count < 2 * Most; at = at.AddHours(step)) bars.Add(new(at, rows.GetValueOrDefault(at)));
        return new(step, bars, counts.Whole);
    }

    static DateTimeOffset Floor(DateTimeOffset at, int step)
    {
        var width = TimeSpan.FromHours(step).Ticks;
        return new(at.UtcTicks - (at.UtcTicks % width), TimeSpan.Zero);
    }
}

public sealed record HistogramBar(DateTimeOffset At, long Rows);
