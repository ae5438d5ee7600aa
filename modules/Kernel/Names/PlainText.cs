using System.Buffers;

namespace DirectoryPlatform.Kernel.Names;

/// <summary>
/// The one spelling of every name and every short text (SPEC N1): composed (NFC), white space of any kind one blank, nothing that nobody
/// sees. So what looks the same is the same, wherever it was typed or copied.
/// </summary>
public static class PlainText
{
    /// <summary>As long as a name may be, in what people count (SPEC M3).</summary>
    public const int LongestName = 100;

    /// <summary>What people see as one sign may be written with many: no honest one with more, on the average of a name (own choice; a
    /// flag has 4).</summary>
    const int UnitsOfASign = 8;

    /// <param name="field">What the refusal is about.</param>
    /// <returns>Refused with <see cref="InvalidValue"/> when nothing of it is seen, when it is too long or not
    /// <see cref="IsReadable(string)"/>.</returns>
    public static Outcome<string> ReadName(string? typed, string field = "name", int longest = LongestName)
    {
        var name = Normalise(typed);
        return name.Length == 0 || Length(name) > longest ? new InvalidValue(field, $"Enter a name of at most {longest} characters.")
            : !IsReadable(name) ? new InvalidValue(field, "A name cannot contain control characters or marks "
                + "that change the text direction.")
            : name;
    }

    /// <summary>Whatever is typed; the same for what is normalised already.</summary>
    public static string Normalise(string? typed) => Normalise(typed, rune => true, JoinsPictures);

    /// <summary>The same without what is not <see cref="IsReadable(string)"/>: for what a provider sends and nobody can be asked
    /// about.</summary>
    public static string Readable(string? typed) => Normalise(typed, IsReadable, JoinsPictures);

    /// <summary>What keys are made of: without the joints of pictures, too.</summary>
    internal static string Bare(string? typed) => Normalise(typed, IsReadable, (_, _, _) => false);

    /// <summary>Without white space and what nobody sees at both ends: for addresses, which mail programs wrap in such marks.</summary>
    public static string Trim(string? typed)
    {
        var text = (typed ?? "").AsSpan();
        while (Rune.DecodeFromUtf16(text, out var first, out var length) != OperationStatus.NeedMoreData && IsUnseen(first))
            text = text[length..];
        while (Rune.DecodeLastFromUtf16(text, out var last, out var length) != OperationStatus.NeedMoreData && IsUnseen(last))
            text = text[..^length];
        // Half of a character becomes the sign for what was no text, as everywhere.
        return text.ContainsAnyInRange('\uD800', '\uDFFF') ? string.Concat(text.ToString().EnumerateRunes())
            : text.Length == typed?.Length ? typed : text.ToString();
    }

    /// <summary>No control characters, none of the marks that turn the direction of the text around them, which make one name look like
    /// another, and not the sign that stands for what was no text.</summary>
    public static bool IsReadable(string text) => text.EnumerateRunes().All(IsReadable);

    /// <summary>The same of several lines, which may be set in by tabs: for what people write to one another, because it stands in
    /// emails.</summary>
    public static bool AreReadable(string lines) => lines.EnumerateRunes().All(r => r.Value is '\n' or '\r' or '\t' || IsReadable(r));

    /// <summary>What people count: 😀 is one, and so is a letter with its accents.</summary>
    public static int Length(string text) =>
        Ascii.IsValid(text) ? text.Length
            : Math.Max(StringInfo.ParseCombiningCharacters(text).Length, (text.Length + UnitsOfASign - 1) / UnitsOfASign);

    /// <summary>At most so many of what people count, none of them left half.</summary>
    public static string Cut(string text, int longest)
    {
        if (Length(text) <= longest) return text;
        var starts = StringInfo.ParseCombiningCharacters(text);
        var end = starts.Take(longest + 1).Last(start => start <= longest * UnitsOfASign);
        return text[..end].TrimEnd();
    }

    /// <summary>What nobody sees, and marks that only say which way text runs.</summary>
    public static bool IsInvisible(Rune rune) => !rune.IsAscii && UnicodeData.Pinned.Invisible.Has(rune);

    /// <summary>What an address cannot hold and its reader would not see: also white space and marks that turn the text around.</summary>
    public static bool IsUnseen(Rune rune) => IsBlank(rune) || IsInvisible(rune) || IsTurning(rune);

    static bool IsTurning(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    static bool IsReadable(Rune rune) => !Rune.IsControl(rune) && rune != Rune.ReplacementChar && !IsTurning(rune);

    static bool IsBlank(Rune rune) => UnicodeData.Pinned.WhiteSpace.Has(rune);

    static bool IsPicture(Rune rune) => rune.Value is (>= 0x2190 and <= 0x2BFF) or (>= 0x1F000 and <= 0x1FAFF);

    /// <summary>U+200D between two pictures makes one of them, U+FE0F behind one its colours: 👩‍🔬 is not 👩🔬.</summary>
    static bool JoinsPictures(Rune before, Rune rune, Rune after) => rune.Value switch
    {
        0x200D => (IsPicture(before) || before.Value == 0xFE0F) && IsPicture(after),
        0xFE0F => IsPicture(before),
        _ => false,
    };

    static string Normalise(string? typed, Func<Rune, bool> stays, Func<Rune, Rune, Rune, bool> joins)
    {
        if (string.IsNullOrEmpty(typed)) return "";
        var (runes, text, blank, before) = (typed.EnumerateRunes().ToArray(), new StringBuilder(typed.Length), false, default(Rune));
        for (var i = 0; i < runes.Length; i++)
        {
            var rune = runes[i];
            if (IsBlank(rune)) blank = text.Length > 0;
            else if (stays(rune) && (!IsInvisible(rune) || joins(before, rune, i + 1 < runes.Length ? runes[i + 1] : default)))
            {
                if (blank) text.Append(' ');
                blank = false;
                text.Append((before = rune).ToString());
            }
        }
        return NormalForm.Nfc(text.ToString());
    }
}
