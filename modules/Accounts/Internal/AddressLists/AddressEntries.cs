using System.Text.RegularExpressions;

namespace DirectoryPlatform.Accounts.Internal.AddressLists;

/// <summary>What stands around an address where mail programs, spreadsheets and people have written it.</summary>
static partial class AddressEntries
{
    /// <summary><c>Smith, Alice &lt;alice@acme.example&gt;</c>, as mail programs copy their lists.</summary>
    public static bool AreOfMail(string line) => InAngles().IsMatch(line);

    /// <summary>Cuts a line of a mail program. A comma within a name parts nothing: it ends an entry only behind an address.</summary>
    public static IReadOnlyList<string> OfMail(string line)
    {
        // What stands since the start is noted on the way: looked through at each comma, a line of commas took the square of its length.
        var (entries, start, quoted, hasAt, isBlank) = (new List<string>(), 0, false, false, true);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"') quoted = !quoted && line.IndexOf('"', i + 1) >= 0;
            else if (quoted) { }
            else if (line[i] == '>') Add(i + 1, i + 1);
            else if (line[i] is ';' or '\t' || (line[i] == ',' && hasAt)) Add(i, i + 1);
            else if (line[i] == ',' && isBlank) start = i + 1;
            (hasAt, isBlank) = start > i ? (false, true) : (hasAt || line[i] == '@', isBlank && char.IsWhiteSpace(line[i]));
        }
        Add(line.Length, line.Length);
        return entries;

        void Add(int end, int next)
        {
            if (line[start..end].Trim() is { Length: > 0 } entry) entries.Add(entry);
            start = next;
        }
    }

    /// <summary>An address with what is usual around it: its name, marks of quotation, <c>mailto:</c>, a separator at its end, and the
    /// apostrophe by which our own files keep a spreadsheet from reading a formula.</summary>
    public static Outcome<EmailAddress> Parse(string entry)
    {
        var text = InAngles().Match(entry) is { Success: true } match ? match.Groups[1].Value : PlainText.Trim(entry);
        var (before, layers) = ("", 0);
        while (before != text && layers++ < MostLayers)
        {
            before = text;
            if (text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)) text = text[7..];
            if (text.Length > 1 && text[0] == '\'' && "=+-@".Contains(text[1])) text = text[1..];
            if (text.Length > 1 && Quotes.Contains(text[0]) && Quotes.Contains(text[^1])) text = text[1..^1];
            text = PlainText.Trim(text.TrimEnd(';', ','));
        }
        return EmailAddress.Parse(text);
    }

    /// <summary>Nobody wraps an address in more; a line made of such marks alone would be looked at again for each of them.</summary>
    const int MostLayers = 20;

    const string Quotes = "\"'‘’‚‛“”„‟«»‹›";

    [GeneratedRegex("<([^<>@]*@[^<>]*)>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex InAngles();
}
