namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>Tags of versions (RFC 7644, 3.14). All are weak and compared as such (RFC 9110, 8.8.3.2):
/// the letter in front does not count.</summary>
static class EntityTag
{
    /// <param name="header">If-Match or If-None-Match; null for none.</param>
    /// <param name="mark">As <see cref="ScimMeta.Mark"/>.</param>
    /// <returns>True also without a header and for "*".</returns>
    public static bool Matches(string? header, long version, string mark = "") => header is null || header.Split(',').Select(t => t.Trim())
        .Any(t => t == "*" || (t.StartsWith("W/", StringComparison.OrdinalIgnoreCase) ? t[2..] : t) == $"\"{version}{mark}\"");
}
