using System.Text.RegularExpressions;

namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>
/// What somebody unverified calls themselves goes into a mail to an address that anybody may type: it must not carry a link there.
/// </summary>
static partial class StrangersName
{
    public static bool LooksLikeAddress(string name) => Address().IsMatch(name);

    /// <summary>
    /// A scheme; "www."; an @ between characters; or a dot between words whose last one could be a top-level domain: in letters of one
    /// case, or one of those that people know. "J.R. Smith",
    /// "Dr.Meier", "St.John" and "Ph.D." are names.
    /// </summary>
    [GeneratedRegex(
        @"(?i:://|\bwww[.\u3002\uff0e\uff61])|\S@\S|[\p{L}\p{N}-]{2,}[.\u3002\uff0e\uff61](?:[\p{L}\p{N}-]+[.\u3002\uff0e\uff61])*"
        + @"(?:\p{Ll}{2,24}|\p{Lu}{2,24}|\p{Lo}{2,24}|(?i:xn--[a-z0-9-]+|com|net|org|info|biz|app|dev|xyz|top|site|online|shop"
        + @"|link|click|live|[a-z]{2}))(?![\p{L}\p{N}])",
        RegexOptions.CultureInvariant, 500)]
    private static partial Regex Address();
}
