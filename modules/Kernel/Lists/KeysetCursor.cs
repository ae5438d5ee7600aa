using System.Buffers.Text;
using System.Text.Json;

namespace DirectoryPlatform.Kernel.Lists;

/// <summary>Where a page begins: the sort keys and id of the row beside it, and which way to read from there. Not signed: whoever makes one
/// up sees another part of what the list shows anyway.</summary>
/// <param name="List">Name of the list that gave it.</param>
/// <param name="Back">True for the rows before it.</param>
sealed record KeysetCursor(string List, ListSort Sort, bool Descending, IReadOnlyList<string> Keys, Guid Id, bool Back)
{
    /// <summary>Longest sort key, each character escaped, plus room; anything longer was not written by us.</summary>
    const int MaxLength = 4_000;

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(KernelJson.Write(this)));

    /// <returns>Null for what no list has written.</returns>
    public static KeysetCursor? Read(string text)
    {
        if (text.Length > MaxLength) return null;
        try
        {
            var cursor = KernelJson.Read<KeysetCursor>(new UTF8Encoding(false, true).GetString(Base64Url.DecodeFromChars(text)));
            return cursor.Keys is { } keys && keys.All(k => k is not null) ? cursor : null;
        }
        catch (Exception bad) when (bad is FormatException or JsonException or ArgumentException) { return null; }
    }
}
