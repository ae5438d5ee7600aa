using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Sites;

/// <summary>What organizations, sites and groups may be called.</summary>
static class PlainName
{
    /// <summary>As long as a person's name may be (SPEC M3).</summary>
    public const int Longest = 100;

    public static Outcome<string> Read(string? typed, string field)
    {
        var name = typed?.Trim() ?? "";
        return name.Length is 0 or > Longest ? new InvalidValue(field, $"Enter a name of at most {Longest} characters.")
            : name.Any(c => char.IsControl(c) || c is (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069')) ? new InvalidValue(field, "A name cannot hold line breaks or other control characters.")
            : name;
    }
}
