namespace DirectoryPlatform.Domains;

/// <summary>Domains whose mailboxes belong to strangers: whoever proved one would own people who
/// never heard of the organization (SPEC D3).</summary>
static class MailProviders
{
    static readonly Lazy<SortedLines> Free = new(() => SortedLines.Embedded("freemail.txt"));
    static readonly Lazy<SortedLines> Disposable = new(() => SortedLines.Embedded("disposable.txt"));

    public static bool IsFree(string name) => Free.Value.Contains(name);

    public static bool IsDisposable(string name)
    {
        if (Disposable.Value.Contains(name))
            return true;
        for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
            if (Disposable.Value.Contains("*" + name[dot..]))
                return true;
        return false;
    }
}

/// <summary>
/// The public suffix list, its ICANN and its private section alike: nobody owns <c>co.uk</c>, and nobody but its operator owns
/// <c>github.io</c>. Algorithm of publicsuffix.org: the longest rule wins, an exception beats all, no rule means the last label.
/// Names are lower-case A-labels without a trailing dot.
/// </summary>
static class PublicSuffixes
{
    static readonly Lazy<SortedLines> Rules = new(() => SortedLines.Embedded("suffixes.txt"));

    public static bool Contains(string name) => Suffix(name).Length == name.Length;

    /// <summary>The public suffix and one label more, or null when the name is itself a public suffix.</summary>
    public static string? Registrable(string name)
    {
        var start = name.Length - Suffix(name).Length;
        return start == 0 ? null : name[(name.LastIndexOf('.', start - 2) + 1)..];
    }

    static string Suffix(string name)
    {
        for (var from = 0; ;)
        {
            var candidate = name[from..];
            var dot = candidate.IndexOf('.');
            if (dot < 0)
                return candidate;
            var parent = candidate[(dot + 1)..];
            if (Rules.Value.Contains("!" + candidate))
                return parent;
            if (Rules.Value.Contains(candidate) || Rules.Value.Contains("*." + parent))
                return candidate;
            from += dot + 1;
        }
    }
}

/// <summary>
/// A list of ASCII words embedded in this assembly, one a line and sorted by byte. It is searched where it lies:
/// 120,000 entries cost their 2 MB and no parsing.
/// </summary>
sealed class SortedLines
{
    readonly byte[] _text;

    SortedLines(byte[] text) => _text = text;

    public static SortedLines Embedded(string resource)
    {
        using var stream = typeof(SortedLines).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not embedded: the build did not run Names/extract.mjs.");
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return new SortedLines(text);
    }

    public IEnumerable<string> All => Encoding.ASCII.GetString(_text).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public bool Contains(string word)
    {
        var sought = Encoding.ASCII.GetBytes(word);
        var (low, high) = (0, _text.Length);
        while (low < high)
        {
            var start = LineStart((low + high) / 2);
            var length = _text.AsSpan(start).IndexOf((byte)'\n');
            switch (_text.AsSpan(start, length).SequenceCompareTo(sought))
            {
                case 0: return true;
                case < 0: low = start + length + 1; break;
                default: high = start; break;
            }
        }
        return false;
    }

    int LineStart(int at) => at == 0 ? 0 : _text.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
}
