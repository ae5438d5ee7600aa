namespace DirectoryPlatform.Web.Words;

static class Numbers
{
    /// <summary>12,345</summary>
    public static string Grouped(this long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 account", "12,345 accounts"</summary>
    public static string Of(this long number, string one, string many) => $"{number.Grouped()} {(number == 1 ? one : many)}";

    public static string Accounts(this long number) => number.Of("account", "accounts");

    /// <summary>"45 seconds", "3 minutes", "2 hours 5 minutes": as exact as a forecast deserves.</summary>
    public static string InWords(this TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => "less than a second",
        { TotalSeconds: < 90 } => ((long)Math.Ceiling(time.TotalSeconds)).Of("second", "seconds"),
        { TotalMinutes: < 90 } => ((long)Math.Ceiling(time.TotalMinutes)).Of("minute", "minutes"),
        _ => $"{((long)time.TotalHours).Of("hour", "hours")} {((long)time.Minutes).Of("minute", "minutes")}",
    };
}
