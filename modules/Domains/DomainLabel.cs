namespace DirectoryPlatform.Domains;

/// <summary>One part between two dots, as an A-label (RFC 5890). International letters pass only as RFC 5891 and 5892 allow.</summary>
static class DomainLabel
{
    const int LongestOctets = 63; // RFC 1035, 2.3.4
    const string Prefix = "xn--";

    static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    // The one-script-per-label sets of UTS 39, 5.2, without Latin beside Greek or Cyrillic.
    static readonly HashSet<string>[] Together =
        [["Latin", "Han", "Hiragana", "Katakana"], ["Latin", "Han", "Bopomofo"], ["Latin", "Han", "Hangul"]];

    // Cyrillic and Greek letters that pass for ASCII ones; a label of nothing else is shown as its A-label (the browsers' rule).
    const string LooksLatin = "асԁеһіјӏорԛѕԝхуъьҽпгѵѡ" + "αορνικτυχεγηω";

    public static Outcome<string> Parse(string text)
    {
        if (text.Length == 0)
            return new DomainLabelEmpty();
        if (text.Length > LongestOctets)
            return new DomainNameTooLong();
        var runes = new List<Rune>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (DomainLetters.IsCompatibility(rune))
                return new DomainNotNormalised(Shown(rune));
            if (DomainLetters.Lower(rune) is not { } lower
                || (lower.IsAscii && !char.IsAsciiLetterOrDigit((char)lower.Value) && lower.Value != '-'))
                return new DomainCharacterRefused(Shown(rune));
            runes.Add(lower);
        }
        var label = string.Concat(runes);
        if (label.StartsWith(Prefix, StringComparison.Ordinal))
            return Decoded(label);
        if (label[0] == '-' || label[^1] == '-' || (label.Length >= 4 && label[2] == '-' && label[3] == '-'))
            return new DomainLabelHyphens(label);
        return Ascii.IsValid(label) ? label : Encoded(label, runes);
    }

    /// <summary>The U-label, or the A-label where the U-label could be taken for another name.</summary>
    public static string Display(string label)
    {
        if (!label.StartsWith(Prefix, StringComparison.Ordinal) || Unicode(label) is not { } shown)
            return label;
        var runes = shown.EnumerateRunes().ToArray();
        var alphabetic = runes.Any(rune => DomainLetters.Script(rune) is "Latin" or "Greek" or "Cyrillic");
        var imitates = runes.All(rune => rune.IsAscii || LooksLatin.Contains(rune.ToString(), StringComparison.Ordinal))
            || (alphabetic && runes.Any(DomainLetters.IsMark))
            // phonetic alphabets
            || runes.Any(rune => DomainLetters.Script(rune) == "Latin" && rune.Value is > 0x24F and not (>= 0x1E00 and <= 0x1EFF))
            || runes.Any(rune => rune.Value == 'ı');
        return imitates ? label : shown;
    }

    static Outcome<string> Encoded(string label, List<Rune> runes)
    {
        if (DomainLetters.IsMark(runes[0]))
            return new DomainCharacterRefused($"{Shown(runes[0])} at the start of a part");
        if (NormalForm.Nfc(label) != label)
            return new DomainNotNormalised("a letter and a mark written apart");
        if (ALabel(label) is not { } encoded)
            return new DomainEncodingRefused(label);
        if (encoded.Length > LongestOctets)
            return new DomainNameTooLong();
        var scripts = runes.Select(DomainLetters.Script).Where(script => script is not ("Common" or "Inherited")).ToHashSet();
        return scripts.Count <= 1 || Together.Any(scripts.IsSubsetOf) ? encoded : new DomainScriptsMixed(label, encoded);
    }

    static Outcome<string> Decoded(string label)
    {
        if (Unicode(label) is not { } decoded || Ascii.IsValid(decoded) || decoded.StartsWith(Prefix, StringComparison.Ordinal))
            return new DomainEncodingRefused(label);
        var again = Parse(decoded);
        return again.Granted && again.Value != label ? new DomainEncodingRefused(label) : again;
    }

    static string? ALabel(string label)
    {
        try { return Idn.GetAscii(label); }
        catch (ArgumentException) { return null; }
    }

    static string? Unicode(string label)
    {
        try { return Idn.GetUnicode(label); }
        catch (ArgumentException) { return null; }
    }

    static string Shown(Rune rune) =>
        Rune.IsControl(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator || rune == Rune.ReplacementChar
        ? $"the invisible character U+{rune.Value:X4}"
        : rune.Value == ' ' ? "a space"
        : rune.IsAscii ? $"\"{rune}\"" // nothing looks like it
        : $"\"{rune}\" (U+{rune.Value:X4})";
}

/// <summary>
/// What Unicode says about the letters of a label: which are permitted (RFC 5892, scripts of UAX 31 table 5), their script and their
/// lower case. Own tables, written at build.
/// </summary>
static class DomainLetters
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
