using System.Text.RegularExpressions;

namespace DirectoryPlatform.Kernel.Clocks;

/// <summary>
/// A time as a program writes it (ISO 8601): a day, which begins at midnight, or a day and a time, in UTC where it says no offset. What
/// DateTimeOffset.TryParse takes besides is a guess: "10:30" would be today's, and "01/12/2026" the twelfth of January.
/// </summary>
public static partial class WrittenTime
{
    /// <returns>Null when it is written otherwise, or is no time.</returns>
    public static DateTimeOffset? Read(string text) => Iso8601().IsMatch(text)
        // The plus of an offset is a blank where an address did not encode it.
        && DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[-+ ][0-9]{2}(:?[0-9]{2})?)?)?\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Iso8601();
}
