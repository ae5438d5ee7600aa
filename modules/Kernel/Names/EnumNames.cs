namespace DirectoryPlatform.Kernel.Names;

/// <summary>Words of others that stand for a value of an enum. Enum.TryParse takes numbers, signs and blanks for its names as well, and
/// joins what a comma parts: "weak,fair" would be "fair".</summary>
public static class EnumNames
{
    /// <returns>In any letter case; null where it is none of the names.</returns>
    public static T? Read<T>(string? text) where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text!, ignoreCase: true) : null;
}
