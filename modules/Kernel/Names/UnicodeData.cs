namespace DirectoryPlatform.Kernel.Names;

/// <summary>
/// What one pinned version of Unicode says of letters, from the file that <c>extract-unicode.mjs</c> wrote and explains. The runtime is no
/// source: in invariant mode it takes every string for normalised, and another runtime would bring another Unicode, so that what was
/// written by one could not be found by the other.
/// </summary>
sealed class UnicodeData
{
    public static readonly UnicodeData Pinned = new();

    UnicodeData()
    {
        using var file = new StreamReader(typeof(UnicodeData).Assembly.GetManifestResourceStream("unicode.txt")!);
        var items = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .SelectMany(line => line[2..].Split(' '), (line, item) => (Tag: line[..1], item)).ToLookup(i => i.Tag, i => i.item);
        Pairs = items["C"].ToDictionary(i => Hex(i.Split('=')[0]), i => i.Split('=')[1].Split('+') is [var first, var second]
            ? (Hex(first), Hex(second)) : throw new FormatException(i));
        Joined = Pairs.ToDictionary(p => p.Value, p => p.Key);
        (Apart, Folded, Typed) = (Texts(items["D"]), Texts(items["K"]), Texts(items["X"]));
        (Ranks, Marks, Invisible, WhiteSpace) = (new(items["R"]), new(items["M"]), new(items["I"]), new(items["W"]));
    }

    /// <summary>Letters that NFC joins of two.</summary>
    public Dictionary<int, (int First, int Second)> Pairs { get; }

    public Dictionary<(int First, int Second), int> Joined { get; }

    /// <summary>Other canonical decompositions, in full.</summary>
    public Dictionary<int, string> Apart { get; }

    /// <summary>Without letter case, width and ligatures; of what NFC leaves alone.</summary>
    public Dictionary<int, string> Folded { get; }

    /// <summary>As it is typed on a plain keyboard.</summary>
    public Dictionary<int, string> Typed { get; }

    /// <summary>The places of marks in canonical order; 0 for what starts anew.</summary>
    public Ranges Ranks { get; }

    /// <summary>That a search does not mind.</summary>
    public Ranges Marks { get; }

    public Ranges Invisible { get; }

    public Ranges WhiteSpace { get; }

    static Dictionary<int, string> Texts(IEnumerable<string> items) => items.Select(i => i.Split('=')).ToDictionary(i => Hex(i[0]), i =>
        string.Concat(i[1].Split('+', StringSplitOptions.RemoveEmptyEntries).Select(c => new Rune(Hex(c)))));

    static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Code points with a value, 1 where the file gives none.</summary>
    public sealed class Ranges(IEnumerable<string> items)
    {
        readonly (int First, int Last, int Value)[] _all = [.. items.Select(Read)];

        public bool Has(Rune rune) => Of(rune.Value) != 0;

        public int Of(int code)
        {
            for (var (low, high) = (0, _all.Length - 1); low <= high;)
            {
                var middle = (low + high) / 2;
                var (first, last, value) = _all[middle];
                if (code < first) high = middle - 1;
                else if (code > last) low = middle + 1;
                else return value;
            }
            return 0;
        }

        static (int, int, int) Read(string item)
        {
            var (codes, value) = item.Split('=') is [var range, var number]
                ? (range.Split('-'), int.Parse(number, CultureInfo.InvariantCulture))
                : (item.Split('-'), 1);
            return (Hex(codes[0]), Hex(codes[^1]), value);
        }
    }
}
