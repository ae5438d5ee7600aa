namespace DirectoryPlatform.Accounts;

static partial class Log
{
    [LoggerMessage(60, LogLevel.Error, "Pictures cannot be read: {Program} does not start, or cannot limit itself")]
    public static partial void PicturesCannotBeDrawn(this ILogger log, Exception? failed, string program);

    [LoggerMessage(61, LogLevel.Warning, "A picture of {Bytes} bytes broke the process that read it, exit code {Code}; it was refused")]
    public static partial void PictureBroke(this ILogger log, int bytes, int code);

    [LoggerMessage(62, LogLevel.Warning, "A picture of {Bytes} bytes took too long to read; it was refused")]
    public static partial void PictureTookTooLong(this ILogger log, int bytes);
}
