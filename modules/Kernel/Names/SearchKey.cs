namespace DirectoryPlatform.Kernel.Names;

/// <summary>
/// What names are found, sorted and told apart by (SPEC N1, N2). Computed here alone: PostgreSQL stores the keys, compares and indexes
/// them, and folds nothing. What is searched for is folded by the same function, so that what an admin types on a plain keyboard finds the
/// name, and so does what is copied from a list.
/// </summary>
public static class SearchKey
{
    /// <summary>Raised with every change of what a key is; <see cref="RenewKeys"/> then writes all keys anew.</summary>
    public const int Version = 1;

    // An index row of PostgreSQL holds 2,704 bytes; a key stands in one beside two ids, and a unit takes three bytes at most.
    const int Longest = 800;

    // Between the spellings of one key. Control characters are left out of what is searched for, so that no search reaches over it.
    const char Or = '\u0001';

    /// <summary>How German and the Nordic languages spell these letters where a keyboard lacks them.</summary>
    static readonly (string Letter, string Spelt)[] Two = [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa")];

    /// <summary>Of a name that others may have too: without accents and letter case, and once more with <c>ü</c> as <c>ue</c>.</summary>
    public static string Of(string? name)
    {
        var exact = Exact(name);
        return Join(Plain(exact), Plain(Spelt(exact)));
    }

    /// <summary>Of a name that is there once (SPEC N1): two names have one key when letter case, width and what nobody sees are all that
    /// they differ by; accents count. Sorts and is found as <see cref="Of"/> is.</summary>
    public static string Unique(string? name)
    {
        var exact = Exact(name);
        return Join(Plain(exact), Plain(Spelt(exact)), exact);
    }

    /// <summary>What is searched for, as keys hold it; null for nothing.</summary>
    public static string? Typed(string? search) => Plain(Exact(search)) is { Length: > 0 } text ? text : null;

    /// <summary>For <c>like</c>: the folded text anywhere in a key, its own wildcards taken literally.</summary>
    public static string Pattern(string typed) => $"%{typed.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";

    /// <summary>Without letter case, width and ligatures: what two texts are equal by that must not differ in accents.</summary>
    public static string Exact(string? text)
    {
        var plain = PlainText.Bare(text);
        if (Ascii.IsValid(plain)) return plain.ToLowerInvariant();
        // Once more, because a folded sign may hold a blank or meet a mark that it joins.
        return PlainText.Bare(Each(plain, UnicodeData.Pinned.Folded));
    }

    /// <param name="exact">Folded by <see cref="Exact"/>.</param>
    static string Plain(string exact)
    {
        if (Ascii.IsValid(exact)) return exact;
        var text = new StringBuilder(exact.Length);
        foreach (var rune in NormalForm.Nfd(exact).EnumerateRunes())
            if (!UnicodeData.Pinned.Marks.Has(rune)) text.Append(rune.ToString());
        return PlainText.Bare(Each(text.ToString(), UnicodeData.Pinned.Typed));
    }

    static string Spelt(string exact) => Two.Aggregate(exact, (text, two) => text.Replace(two.Letter, two.Spelt, StringComparison.Ordinal));

    static string Each(string text, Dictionary<int, string> map)
    {
        var mapped = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes()) mapped.Append(map.TryGetValue(rune.Value, out var to) ? to : rune.ToString());
        return mapped.ToString();
    }

    static string Join(params string[] spellings)
    {
        var key = string.Join(Or, spellings.Distinct());
        if (key.Length <= Longest) return key;
        return char.IsHighSurrogate(key[Longest - 1]) ? key[..(Longest - 1)] : key[..Longest];
    }
}
