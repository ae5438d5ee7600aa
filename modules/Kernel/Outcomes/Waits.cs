namespace DirectoryPlatform.Kernel.Outcomes;

/// <summary>How long to wait, as it stands in a sentence.</summary>
public static class Waits
{
    public static string InWords(int seconds) => seconds switch
    {
        1 => "a second",
        < 90 => $"{seconds} seconds",
        _ => $"{(seconds + 59) / 60} minutes",
    };
}
