namespace DirectoryPlatform.Kernel.Names;

/// <summary>Unicode's canonical normal forms (UAX 15), of the pinned version. Half a surrogate pair becomes U+FFFD.</summary>
public static class NormalForm
{
    // Hangul syllables are arithmetic (The Unicode Standard, 3.12).
    const int Syllables = 0xAC00, Leads = 0x1100, Vowels = 0x1161, Tails = 0x11A7, LeadCount = 19, VowelCount = 21, TailCount = 28;
    const int PerLead = VowelCount * TailCount, SyllableCount = LeadCount * PerLead;

    static readonly UnicodeData Unicode = UnicodeData.Pinned;

    /// <summary>Joined as far as it can be: <c>é</c> is one sign.</summary>
    public static string Nfc(string text)
    {
        if (NeedsNoLook(text)) return text;
        var parts = Apart(text);
        var (starter, last, to) = (-1, 0, 0);
        foreach (var part in parts.ToArray())
        {
            var rank = Unicode.Ranks.Of(part);
            // UAX 15, D117: a character joins the last starter unless one between has the same or a higher class.
            if (starter >= 0 && (starter == to - 1 || (last != 0 && last < rank)) && Join(parts[starter], part) is { } both)
            {
                parts[starter] = both;
                continue;
            }
            if (rank == 0) starter = to;
            last = rank;
            parts[to++] = part;
        }
        return Text(parts, to);
    }

    /// <summary>Taken apart: <c>e</c> and the accent.</summary>
    public static string Nfd(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var parts = Apart(text);
        return Text(parts, parts.Count);
    }

    /// <summary>All below U+0300 is in normal form already, in whatever order it stands.</summary>
    static bool NeedsNoLook(string text)
    {
        foreach (var c in text)
            if (c >= 0x300) return false;
        return true;
    }

    static List<int> Apart(string text)
    {
        var parts = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes()) TakeApart(rune.Value, parts);
        // D109: marks move before marks of a higher class; equal classes keep their order.
        for (var i = 1; i < parts.Count; i++)
            if (Unicode.Ranks.Of(parts[i]) is > 0 and var rank)
                for (var at = i; at > 0 && Unicode.Ranks.Of(parts[at - 1]) > rank; at--)
                    (parts[at - 1], parts[at]) = (parts[at], parts[at - 1]);
        return parts;
    }

    static void TakeApart(int code, List<int> into)
    {
        if (code is >= Syllables and < Syllables + SyllableCount)
        {
            var at = code - Syllables;
            into.Add(Leads + at / PerLead);
            into.Add(Vowels + at % PerLead / TailCount);
            if (at % TailCount is > 0 and var tail) into.Add(Tails + tail);
        }
        else if (Unicode.Pairs.TryGetValue(code, out var pair))
        {
            TakeApart(pair.First, into);
            TakeApart(pair.Second, into);
        }
        else if (Unicode.Apart.TryGetValue(code, out var text)) into.AddRange(text.EnumerateRunes().Select(r => r.Value));
        else into.Add(code);
    }

    static int? Join(int first, int second) => (first, second) switch
    {
        ( >= Leads and < Leads + LeadCount, >= Vowels and < Vowels + VowelCount) =>
            Syllables + (first - Leads) * PerLead + (second - Vowels) * TailCount,
        ( >= Syllables and < Syllables + SyllableCount, > Tails and < Tails + TailCount) when (first - Syllables) % TailCount == 0 =>
            first + second - Tails,
        _ => Unicode.Joined.TryGetValue((first, second), out var both) ? both : null,
    };

    static string Text(List<int> codes, int count)
    {
        var text = new StringBuilder(count + 8);
        for (var i = 0; i < count; i++) text.Append(new Rune(codes[i]).ToString());
        return text.ToString();
    }
}
