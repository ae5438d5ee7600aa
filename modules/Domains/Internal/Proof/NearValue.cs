using System.Net;

namespace DirectoryPlatform.Domains.Internal.Proof;

/// <summary>
/// What a TXT record that does not prove was probably meant to be (SPEC D7). Pure. White space and invisible signs around a value say
/// nothing and are no difference at all: forms and zone files add them unseen.
/// </summary>
/// <param name="Record">Where it shows; of a value in several records the first.</param>
/// <param name="What">Continues "The name has …".</param>
/// <param name="IsOurs">Whether the organization's token is in it, as opposed to another one.</param>
sealed record NearValue(string Record, string What, bool IsOurs)
{
    const string Prefix = DomainToken.TxtPrefix;

    /// <summary>What people and forms put around a value.</summary>
    static readonly char[] Marks = ['"', '\'', '`', '\\', '“', '”', '„', '‟', '‘', '’', '‚', '«', '»', '″', '＂'];

    /// <summary>More characters than people mistype (own choice); two tokens differ in nearly all of 64.</summary>
    const int MostWrong = 8;

    /// <summary>Tried of a value in several records (own choice): pieces that fit in many ways would be tried without end.</summary>
    const int MostSteps = 10_000;

    /// <summary>Of one name, the nearest; null where nothing looks like it.</summary>
    public static NearValue? Of(IReadOnlyCollection<string> records, string token)
    {
        var near = records.Select(record => Of(record, token)).OfType<NearValue>().ToList();
        return near.Find(n => n.IsOurs) ?? Split([.. records.Take(64).Select(Bare).Distinct(StringComparer.Ordinal)],
            Prefix + token) ?? near.FirstOrDefault();
    }

    /// <summary>Without white space and invisible signs around it.</summary>
    public static string Bare(string text)
    {
        var (from, to) = (0, text.Length);
        while (from < to && IsUnseen(text[from])) from++;
        while (from < to && IsUnseen(text[to - 1])) to--;
        return text[from..to];
    }

    static bool IsUnseen(char sign) => char.IsWhiteSpace(sign) || char.IsControl(sign)
        || char.GetUnicodeCategory(sign) is UnicodeCategory.Format;

    static NearValue? Of(string record, string token)
    {
        var (text, sought) = (Bare(record), Prefix + token);
        var plain = Bare(text.Trim(Marks));
        var solid = string.Concat(plain.Where(sign => !IsUnseen(sign)));
        var behind = plain.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? plain[Prefix.Length..] : null;
        var what = true switch
        {
            _ when plain == sought => "the right value in quotation marks that are part of it. Leave them out; where DNS needs them, the "
                + "provider adds them",
            _ when text.Contains(sought, StringComparison.Ordinal) => Around(text, sought),
            _ when plain == token => $"the token alone, without {Prefix} in front of it",
            _ when solid == sought => "the right value with white space in it, such as a line break",
            _ when text.Contains(token, StringComparison.Ordinal) => $"the right token, but not directly after {Prefix}",
            _ when solid.Contains(token, StringComparison.Ordinal) => "the right token with white space in it",
            _ when solid.Contains(token, StringComparison.OrdinalIgnoreCase) =>
                "the right token with capital and small letters changed",
            _ when Rewritten(plain, token) =>
                "the right value with some characters written in another way, such as %2B instead of +",
            _ when behind?.Length == 0 => $"{Prefix} without the token after it",
            _ when behind is { Length: >= 8 } && token.StartsWith(behind, StringComparison.Ordinal) =>
                string.Create(CultureInfo.InvariantCulture, $"only the first {behind.Length} of the token’s {token.Length} characters"),
            _ when behind?.Length == token.Length
                && token.Zip(behind).Count(pair => pair.First != pair.Second) is <= MostWrong and var wrong =>
                string.Create(CultureInfo.InvariantCulture,
                    $"the right token with {(wrong == 1 ? "one character that is" : $"{wrong} characters that are")} not the same"),
            _ => null,
        };
        if (what is not null) return new(record, what, true);
        return !record.Contains(Prefix, StringComparison.OrdinalIgnoreCase) ? null : new(record,
            plain.StartsWith(Prefix, StringComparison.Ordinal)
                ? "a verification record with another token, perhaps an earlier one or another organization's"
                : "a verification record with something in front of it",
            false);
    }

    static string Around(string text, string sought)
    {
        var at = text.IndexOf(sought, StringComparison.Ordinal);
        var (before, after) = (Bare(text[..at]), Bare(text[(at + sought.Length)..]));
        return true switch
        {
            _ when after.Contains(sought, StringComparison.Ordinal) => "the right value more than once",
            _ when before.Length == 0 => $"the right value with “{Seen.Plain(after, 60)}” after it",
            _ when after.Length == 0 => $"the right value with “{Seen.Plain(before, 60)}” in front of it",
            _ => $"the right value with “{Seen.Plain(before, 60)}” in front of it and “{Seen.Plain(after, 60)}” after it",
        };
    }

    /// <summary>As addresses, pages, zone files and other alphabets of base64 write it.</summary>
    static bool Rewritten(string text, string token) => ((string[])[
        Uri.UnescapeDataString(text), WebUtility.HtmlDecode(text), text.Replace("\\", "", StringComparison.Ordinal),
        text.Normalize(NormalizationForm.FormKC)])
        .Append(text.Length < token.Length ? "" : text[..^token.Length] + text[^token.Length..].Replace('-', '+').Replace('_', '/'))
        .Any(written => written.Contains(token, StringComparison.Ordinal));

    /// <summary>A value that stands in two or more records, in whatever order they come.</summary>
    static NearValue? Split(List<string> records, string sought)
    {
        var (parts, steps) = (new List<int>(), 0);
        return Goes(0) && parts.Count > 1
            ? new(records[parts[0]],
                string.Create(CultureInfo.InvariantCulture,
                    $"the right value in {parts.Count} records instead of one. Put it into one record; one record may have several texts"),
                true)
            : null;

        bool Goes(int from)
        {
            if (from == sought.Length) return true;
            if (++steps > MostSteps) return false;
            for (var i = 0; i < records.Count; i++)
            {
                var part = records[i];
                if (part.Length == 0 || parts.Contains(i) || string.CompareOrdinal(sought, from, part, 0, part.Length) != 0) continue;
                parts.Add(i);
                if (Goes(from + part.Length)) return true;
                parts.RemoveAt(parts.Count - 1);
            }
            return false;
        }
    }
}
