namespace DirectoryPlatform.Web.Shared;

/// <summary>Lengths of time as people write them: a number and a unit. The unit of size 1 is what is stored, and what a form means that
/// sends none.</summary>
public sealed record Duration(params IReadOnlyList<(string Name, int Size)> Units)
{
    public static Duration OfMinutes { get; } = new(("minutes", 1), ("hours", 60), ("days", 24 * 60));
    public static Duration OfDays { get; } = new(("days", 1), ("weeks", 7), ("years", 365));

    /// <summary>In the largest unit that leaves no rest: 10,080 minutes are 7 days.</summary>
    public (string Number, string Unit) Split(int length)
    {
        var (name, size) = Units.Last(u => length % u.Size == 0);
        return ($"{length / size}", name);
    }

    /// <summary>As it stands behind the number: 1 week, 2 weeks.</summary>
    public static string Named(string unit, string? number) => number?.Trim() == "1" ? unit.TrimEnd('s') : unit;

    /// <summary>-1 for what is none, which no setting accepts.</summary>
    public int Of(string? number, string? unit)
    {
        var size = string.IsNullOrEmpty(unit) ? 1 : Units.FirstOrDefault(u => u.Name == unit).Size;
        var typed = Whole(number);
        return size == 0 || typed < 0 ? -1 : (int)Math.Min((long)typed * size, int.MaxValue);
    }

    public static int Whole(string? text) =>
        int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
