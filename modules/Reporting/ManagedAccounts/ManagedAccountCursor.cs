using System.Text;
using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Reporting;

/// <summary>Where a page begins: the sort keys and id of the row beside it, and which way to read from there.</summary>
/// <param name="Back">True for the rows before it.</param>
sealed record ManagedAccountCursor(ManagedAccountSort Sort, bool Descending, IReadOnlyList<string> Keys, Guid Id, bool Back)
{
    /// <summary>Longest sort key plus room; anything longer was not written by us.</summary>
    const int MaxLength = 2_000;

    public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes(KernelJson.Write(this))).TrimEnd('=')
        .Replace('+', '-').Replace('/', '_');

    /// <returns>Null for anything that does not fit the query: it is then read as the first page.</returns>
    public static ManagedAccountCursor? Read(string? text, ManagedAccountSort sort, bool descending)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength) return null;
        try
        {
            var base64 = text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
            var cursor = KernelJson.Read<ManagedAccountCursor>(new UTF8Encoding(false, true).GetString(Convert.FromBase64String(base64)));
            return cursor.Sort == sort && cursor.Descending == descending && cursor.Keys is { } keys && keys.All(k => k is not null)
                ? cursor
                : null;
        }
        catch (Exception bad) when (bad is FormatException or System.Text.Json.JsonException or ArgumentException) { return null; }
    }
}
