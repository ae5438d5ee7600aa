using System.Security.Cryptography;
using DirectoryPlatform.Web.Api.Document;
using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Web.Api;

/// <summary>
/// Cursors as programs hold them: sealed, good for one list of one organization, and with the filters of that list. Who sends a cursor
/// alone goes on with the same filters; who sends others with it is refused, and so nobody leafs from a few people into all of them.
/// </summary>
sealed class ApiCursors(IDataProtectionProvider protection)
{
    /// <summary>Characters of filters that a cursor carries, so that it fits into an address; of longer ones it knows the hash, and they
    /// are sent again (own choice).</summary>
    const int MostCarried = 1_000;

    /// <summary>Of a cursor: the list's own with long names, filters, and both written as Base64.</summary>
    const int Longest = 12_000;

    /// <summary>What no list has given: read with its list, which then refuses it.</summary>
    public const string Broken = "!";

    readonly IDataProtector _protector = protection.CreateProtector("cursors of the API");

    /// <param name="at">The list's own cursor.</param>
    public string Seal(Operation operation, OrganizationId organization, Asked asked, string at)
    {
        var filters = asked.Filters.ToDictionary();
        var text = KernelJson.Write(filters);
        return _protector.Protect(KernelJson.Write(new Content(operation.Name, organization, at,
            text.Length <= MostCarried ? filters : null, text.Length <= MostCarried ? null : Hash(text))));
    }

    /// <returns>What is asked, with the filters that the cursor carries, and the list's own cursor.</returns>
    public (Asked Asked, string At) Open(Operation operation, OrganizationId organization, Asked asked, string cursor)
    {
        if (Read(cursor) is not { } content || content.List != operation.Name || content.Organization != organization)
            return (asked, Broken);
        var said = asked.Filters.ToDictionary();
        if (said.Count == 0 && content.Filters is { Count: > 0 } carried)
            return Asked.OfCursor(operation, carried) is { Granted: true, Value: var filters }
                ? (asked.With(filters), content.At)
                : (asked, Broken);
        var text = KernelJson.Write(said);
        return (asked, content.Filters is { } filtered ? KernelJson.Write(filtered) == text ? content.At : Broken
            : content.Hash == Hash(text) ? content.At : Broken);
    }

    Content? Read(string cursor)
    {
        if (cursor.Length > Longest) return null;
        try { return KernelJson.Read<Content>(_protector.Unprotect(cursor)); }
        catch (Exception bad) when (bad is CryptographicException or FormatException or JsonException) { return null; }
    }

    static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <param name="List">The operation.</param>
    /// <param name="Filters">Null where only their hash is known.</param>
    sealed record Content(string List, OrganizationId Organization, string At, Dictionary<string, IReadOnlyList<string>>? Filters,
        string? Hash);
}
