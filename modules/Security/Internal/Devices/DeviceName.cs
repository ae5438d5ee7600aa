namespace DirectoryPlatform.Security.Internal.Devices;

/// <summary>
/// What a session's device is called in words (SPEC S3): "Firefox on Linux". User-Agent strings name their relatives too, so the order of
/// the marks decides; what is not recognised is called by its first product's name (RFC 9110, 10.1.5), and a text that has none is unknown.
/// </summary>
static class DeviceName
{
    /// <summary>Enough for a name; names of apps come from outside.</summary>
    public const int Longest = 100;

    /// <summary>What is looked at of a User-Agent; the systems and browsers stand at its beginning or soon after.</summary>
    const int LongestAgent = 300;

    const string Unknown = "Unknown device";

    /// <summary>The more special first: Edge says that it is Chrome, and Chrome that it is Safari.</summary>
    static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("Opera", "Opera"), ("Vivaldi/", "Vivaldi"),
        ("YaBrowser/", "Yandex Browser"), ("SamsungBrowser/", "Samsung Internet"),
        ("Focus/", "Firefox Focus"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("HeadlessChrome/", "Chrome"), ("CriOS/", "Chrome"),
        ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Trident/", "Internet Explorer"),
        ("Safari/", "Safari"), ("curl/", "curl"), ("Wget/", "Wget"), ("PostmanRuntime/", "Postman"), ("python-requests/", "Python"),
    ];

    static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Macintosh", "macOS"), ("Mac OS X", "macOS"), ("FreeBSD", "FreeBSD"), ("Linux", "Linux"),
    ];

    public static string Of(string? agent)
    {
        var text = Plain(agent);
        if (text.Length == 0) return Unknown;
        var (browser, system) = (Find(Browsers, text), Find(Systems, text));
        return (browser, system) switch
        {
            ({ } program, { } on) => $"{program} on {on}",
            ({ } program, null) => program,
            (null, { } on) => $"{Product(text) ?? "A program"} on {on}",
            (null, null) => Product(text) ?? Unknown,
        };
    }

    /// <summary>A name that an app gives itself: one line of at most <see cref="Longest"/> characters; null when nothing is left.</summary>
    public static string? Given(string? name) => Plain(name) is { Length: > 0 } plain ? plain.Length <= Longest
        ? plain
        : plain[..Longest] : null;

    /// <summary>What the device called itself, for the row: plain text of at most 200 characters,
    /// enough to tell browsers apart (own choice).</summary>
    public static string Agent(string? agent) => Plain(agent) is var plain && plain.Length <= 200 ? plain : plain[..200];

    static string? Find((string Mark, string Name)[] known, string text)
    {
        foreach (var (mark, name) in known)
            if (text.Contains(mark, StringComparison.Ordinal)) return name;
        return null;
    }

    /// <summary>"Backup" of "Backup/1.2 (…)". Mozilla is what everybody says.</summary>
    static string? Product(string text)
    {
        var name = text.Split('/', ' ', '(')[0];
        return name.Length is > 0 and <= 40 && name != "Mozilla" ? name : null;
    }

    static string Plain(string? text)
    {
        var plain = string.Concat((text ?? "").Where(c => !char.IsSurrogate(c) && !char.IsControl(c)
            && c is not ((>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069')))).Trim();
        return plain.Length <= LongestAgent ? plain : plain[..LongestAgent];
    }
}
