using System.Globalization;
using System.Text;

namespace DirectoryPlatform.Domains;

/// <summary>
/// What Unicode says about the letters of a label: which are permitted (RFC 5892, scripts of UAX 31 table 5), their script and their
/// lower case. Own tables, written at build.
/// </summary>
public static class DomainLetters
{
    static readonly Lazy<Tables> Read = new(Tables.Load);

    /// <summary>True when NFKC would change this character wherever it stands, such as the full-width ａ.</summary>
    public static bool IsCompatibility(Rune rune) => Find(Read.Value.Unstable, rune.Value) is not null;

    /// <summary>The lower-case letter, the letter itself when it has no case, or null when a label may not contain it.</summary>
    public static Rune? Lower(Rune rune) =>
        Read.Value.Lower.TryGetValue(rune.Value, out var lower) ? new Rune(lower)
        : rune.IsAscii ? Rune.ToLowerInvariant(rune)
        : Find(Read.Value.Letters, rune.Value) is null ? null : rune;

    /// <summary>The script of a permitted letter, by its Unicode name.</summary>
    public static string Script(Rune rune) =>
        rune.IsAscii ? (Rune.IsLetter(rune) ? "Latin" : "Common") : Find(Read.Value.Letters, rune.Value) ?? "Unknown";

    public static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark;

    static string? Find(Range[] ranges, int code)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (code < ranges[middle].First)
                high = middle - 1;
            else if (code > ranges[middle].Last)
                low = middle + 1;
            else
                return ranges[middle].Script;
        }
        return null;
    }

    readonly record struct Range(int First, int Last, string Script);

    sealed record Tables(Range[] Letters, Range[] Unstable, Dictionary<int, int> Lower)
    {
        public static Tables Load()
        {
            var lines = SortedLines.Embedded("letters.txt").All.Select(line => line.Split(' ')).ToLookup(fields => fields[0][0]);
            return new Tables(Ranges(lines['L']), Ranges(lines['N']), lines['U'].ToDictionary(f => Hex(f[1]), f => Hex(f[2])));
        }

        static Range[] Ranges(IEnumerable<string[]> lines) =>
            lines.Select(f => new Range(Hex(f[1]), Hex(f[2]), f.Length > 3 ? f[3] : "")).OrderBy(range => range.First).ToArray();

        static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
