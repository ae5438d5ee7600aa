using System.Globalization;

namespace DirectoryPlatform.Accounts.Internal.AddressLists;

/// <summary>Characters that leave no trace on paper: blanks of any kind, marks of direction, joiners, soft hyphens, byte order marks.
/// They come along when text is copied from pages and mails.</summary>
static class Unseen
{
    public static bool Is(char c) => char.IsWhiteSpace(c) || IsInvisible(c);

    public static bool IsInvisible(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Format || c is '\u034F' or '\u115F' or '\u1160' or '\u2800' or '\u3164' or '\uFFA0';

    public static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && Is(text[start])) start++;
        while (end > start && Is(text[end - 1])) end--;
        return text[start..end];
    }
}
