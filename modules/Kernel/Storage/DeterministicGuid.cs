using System.Security.Cryptography;

namespace DirectoryPlatform.Kernel.Storage;

/// <summary>The same words give the same id: how a listener that hears a fact twice does its work once.</summary>
public static class DeterministicGuid
{
    public static Guid Of(params object[] words) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', words.Select(Exactly))))[..16]);

    /// <summary>As text, a time would lose what is below a second: two deeds within one would be taken for the same.</summary>
    static string? Exactly(object word) => word is DateTimeOffset time
        ? time.UtcTicks.ToString(CultureInfo.InvariantCulture)
        : Convert.ToString(word, CultureInfo.InvariantCulture);
}
