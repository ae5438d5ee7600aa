using System.Globalization;
using System.Text;

namespace DirectoryPlatform.Domains;

/// <summary>One part between two dots, as an A-label (RFC 5890). International letters pass only as RFC 5891 and 5892 allow.</summary>
public static class DomainLabel
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
            return new DomainCharacterRefused($"{Shown(runes[0])} at the beginning of a part");
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
        : rune.Value == ' ' ? "a space" : $"\"{rune}\" (U+{rune.Value:X4})";
}
