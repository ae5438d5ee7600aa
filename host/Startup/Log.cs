namespace DirectoryPlatform.Host.Startup;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The node did not warm up; its first pages are slow")]
    public static partial void NotWarm(this ILogger log, Exception failed);
}
