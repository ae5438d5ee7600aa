namespace DirectoryPlatform.Web.Words;

static class Numbers
{
    /// <summary>12,345</summary>
    public static string Grouped(this long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 account", "12,345 accounts"</summary>
    public static string Of(this long number, string one, string many) => $"{number.Grouped()} {(number == 1 ? one : many)}";

    /// <summary>"2 roles, 1 group and 3 invitations", without those of which there are none; "" where there is nothing at all.</summary>
    public static string Listed(params IEnumerable<(long Number, string One, string Many)> things) =>
        Joined([.. things.Where(t => t.Number > 0).Select(t => t.Number.Of(t.One, t.Many))]);

    /// <summary>"Jira, Confluence and Bitbucket"; "" for none.</summary>
    public static string Joined(string[] all) =>
        all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";

    public static string Accounts(this long number) => number.Of("account", "accounts");

    /// <summary>"45 seconds", "3 minutes", "2 hours 5 minutes": as exact as a forecast deserves.</summary>
    public static string InWords(this TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => "less than a second",
        { TotalSeconds: < 90 } => ((long)Math.Ceiling(time.TotalSeconds)).Of("second", "seconds"),
        { TotalMinutes: < 90 } => ((long)Math.Ceiling(time.TotalMinutes)).Of("minute", "minutes"),
        { TotalDays: >= 1, Hours: 0, Minutes: 0 } => ((long)time.TotalDays).Of("day", "days"),
        _ => $"{((long)time.TotalHours).Of("hour", "hours")} {((long)time.Minutes).Of("minute", "minutes")}",
    };
}
