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
            : !name.All(MayHold) ? new InvalidValue(field, "A name cannot hold line breaks or other control characters.")
            : name;
    }

    /// <summary>No control characters, nothing that turns the direction of the text around it,
    /// and not the sign that stands for what was no text.</summary>
    static bool MayHold(char c) => !char.IsControl(c) && (int)c is not ((>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFFFD);
}
