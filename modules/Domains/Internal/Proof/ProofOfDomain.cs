namespace DirectoryPlatform.Domains.Internal.Proof;

/// <summary>Looks once whether a token is published where only the owner of a domain can publish (SPEC D4 to D7).</summary>
sealed class ProofOfDomain(ProofByDns dns, ProofByHttps https)
{
    /// <summary>Takes seconds at worst. Whatever is published, or not, is evidence;
    /// the only exception is the caller's own cancellation.</summary>
    public Task<Evidence> Look(DomainName domain, string token, ProofMethod method, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(token); // every page contains nothing
        return method switch
        {
            ProofMethod.Dns => dns.Look(domain, token, ct),
            ProofMethod.Https => https.Look(domain, token, ct),
        };
    }
}

/// <summary>Makes what strangers publish fit to be kept and shown.</summary>
static class Seen
{
    const int Longest = 300;
    const int MostLines = 50;

    public static EvidenceLine Line(string source, string what) => new(source, Plain(what));

    public static IReadOnlyList<EvidenceLine> Bounded(IReadOnlyCollection<EvidenceLine> lines) =>
        lines.Count <= MostLines
            ? [.. lines]
            : [.. lines.Take(MostLines - 1), new EvidenceLine("", $"and {lines.Count - MostLines + 1} more")];

    /// <summary>Control, format and unpaired characters escaped, 300 characters at most, an ellipsis where it was cut.</summary>
    public static string Plain(string text, int longest = Longest)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
                ? $"\\u{rune.Value:X4}" : rune.ToString();
            if (plain.Length + shown.Length > longest - 1)
                return plain.Append('…').ToString();
            plain.Append(shown);
        }
        return plain.ToString();
    }
}
