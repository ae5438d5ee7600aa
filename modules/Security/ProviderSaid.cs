using System.Text.Encodings.Web;

namespace DirectoryPlatform.Security;

/// <param name="Name">The last part of what the provider calls it: addresses before it say nothing to an admin.</param>
public sealed record ProviderClaim(string Name, string Value);

/// <summary>What an identity provider said of the person in an admin's test sign-in (SPEC P8). Cut to what an address can carry.</summary>
/// <param name="NameId">Empty for none.</param>
/// <param name="Format">The last part of its URN; empty for none.</param>
/// <param name="More">How many claims are left out.</param>
public sealed record ProviderSaid(string NameId, string Format, IReadOnlyList<ProviderClaim> Claims, int More)
{
    /// <summary>Characters of a value, and of all claims together (own choices): sealed and in an address they stay under two kilobytes,
    /// which every proxy takes in a header.</summary>
    const int LongestValue = 100, MostCharacters = 900;

    /// <summary>What JSON writes around a claim.</summary>
    const int Around = 24;

    internal static ProviderSaid Of(string nameId, string? format, IReadOnlyList<ProviderClaim> claims)
    {
        var (id, kind, shown) = (Cut(nameId), Cut(format?.Split(':')[^1] ?? ""), new List<ProviderClaim>());
        var room = MostCharacters - Weight(id) - Weight(kind);
        foreach (var claim in claims)
        {
            var cut = new ProviderClaim(Cut(claim.Name.TrimEnd('/').Split('/')[^1]), Cut(claim.Value));
            room -= Weight(cut.Name) + Weight(cut.Value) + Around;
            if (room < 0) break;
            shown.Add(cut);
        }
        return new(id, kind, shown, claims.Count - shown.Count);
    }

    /// <summary>As JSON has it: what is not ASCII takes six each, and so do the signs of markup.</summary>
    static int Weight(string text) => JavaScriptEncoder.Default.Encode(text).Length;

    static string Cut(string text)
    {
        var plain = string.Concat(text.Where(c => !char.IsControl(c)));
        return plain.Length <= LongestValue ? plain : $"{plain[..(LongestValue - 1)]}…";
    }
}

/// <summary>What a test said, for whoever may test this organization's provider; null for anybody else, and after ten minutes.</summary>
/// <param name="Said">Sealed, as an answer or its refusal has it.</param>
public sealed record ReadTestAnswer(OrganizationId Organization, string? Said, Visitor? Visitor) : IRequest<ProviderSaid?>;
