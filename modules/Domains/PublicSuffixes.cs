namespace DirectoryPlatform.Domains;

/// <summary>
/// The public suffix list, its ICANN and its private section alike: nobody owns <c>co.uk</c>, and nobody but its operator owns
/// <c>github.io</c>. Algorithm of publicsuffix.org: the longest rule wins, an exception beats all, no rule means the last label.
/// Names are lower-case A-labels without a trailing dot.
/// </summary>
public static class PublicSuffixes
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
