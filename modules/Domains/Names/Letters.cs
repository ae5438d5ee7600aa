using System.Globalization;
using System.Text;

namespace DirectoryPlatform.Domains.Names;

/// <summary>
/// What Unicode says about the letters of a label: which are permitted (RFC 5892, scripts of UAX 31 table 5), their script, their
/// lower case, and whether a sequence is in normal form (UAX 15). Own tables, written at build: in invariant mode the runtime takes
/// every string for normalised.
/// </summary>
static class Letters
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

    /// <summary>True when NFC leaves this sequence of permitted letters as it is: taken apart, put in canonical order and joined again, it
    /// is the same.</summary>
    public static bool InNormalForm(IReadOnlyList<Rune> runes)
    {
        var parts = new List<int>();
        foreach (var rune in runes)
            TakeApart(rune.Value, parts);
        Order(parts);
        Join(parts);
        return parts.SequenceEqual(runes.Select(rune => rune.Value));
    }

    static void TakeApart(int code, List<int> into)
    {
        if (!Read.Value.Parts.TryGetValue(code, out var pair))
        {
            into.Add(code);
            return;
        }
        TakeApart(pair.First, into);
        into.Add(pair.Second);
    }

    static int Rank(int code) => Read.Value.Rank.GetValueOrDefault(code);

    // UAX 15, D109: marks move before marks of a higher class; equal classes keep their order. A label has 63 characters at most.
    static void Order(List<int> parts)
    {
        for (var i = 1; i < parts.Count; i++)
            for (var at = i; at > 0 && Rank(parts[at]) != 0 && Rank(parts[at - 1]) > Rank(parts[at]); at--)
                (parts[at - 1], parts[at]) = (parts[at], parts[at - 1]);
    }

    // UAX 15, D117: a character joins the last starter unless one between has the same or a higher class.
    static void Join(List<int> parts)
    {
        var (starter, last) = (-1, 0);
        for (var at = 0; at < parts.Count; at++)
        {
            var rank = Rank(parts[at]);
            var blocked = starter != at - 1 && (last == 0 || last >= rank);
            if (starter >= 0 && !blocked && Read.Value.Joined.TryGetValue((parts[starter], parts[at]), out var both))
            {
                parts[starter] = both;
                parts.RemoveAt(at--);
                continue;
            }
            if (rank == 0)
                starter = at;
            last = rank;
        }
    }

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

    sealed record Tables(Range[] Letters, Range[] Unstable, Dictionary<int, int> Lower, Dictionary<int, int> Rank,
        Dictionary<(int First, int Second), int> Joined, Dictionary<int, (int First, int Second)> Parts)
    {
        public static Tables Load()
        {
            var lines = SortedLines.Embedded("unicode.txt").All.Select(line => line.Split(' ')).ToLookup(fields => fields[0][0]);
            return new Tables(
                Ranges(lines['L']), Ranges(lines['N']),
                lines['U'].ToDictionary(f => Hex(f[1]), f => Hex(f[2])),
                lines['R'].ToDictionary(f => Hex(f[1]), f => int.Parse(f[2], CultureInfo.InvariantCulture)),
                lines['C'].ToDictionary(f => (Hex(f[1]), Hex(f[2])), f => Hex(f[3])), lines['C']
                    .ToDictionary(f => Hex(f[3]), f => (Hex(f[1]), Hex(f[2]))));
        }

        static Range[] Ranges(IEnumerable<string[]> lines) =>
            lines.Select(f => new Range(Hex(f[1]), Hex(f[2]), f.Length > 3 ? f[3] : "")).OrderBy(range => range.First).ToArray();

        static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
