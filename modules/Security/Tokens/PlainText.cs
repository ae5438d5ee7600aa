namespace DirectoryPlatform.Security;

/// <summary>What names that people and programs give may hold.</summary>
static class PlainText
{
    /// <summary>No control characters, no line or paragraph separators, and none of the marks that turn the direction of the text around
    /// them, which make one name look like another.</summary>
    public static bool MayHold(char c) => !char.IsControl(c) && c is not ((>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
}
