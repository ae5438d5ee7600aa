namespace DirectoryPlatform.Kernel;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Delivery of facts was interrupted and begins again")]
    public static partial void OutboxInterrupted(this ILogger log, Exception broken);

    [LoggerMessage(13, LogLevel.Information, "Delivery stream {Stream} is another node's by now; its facts are left to that")]
    public static partial void StreamLost(this ILogger log, int stream);

    [LoggerMessage(20, LogLevel.Warning, "Sealing of the audit log was interrupted and begins again")]
    public static partial void SealingInterrupted(this ILogger log, Exception broken);

    [LoggerMessage(2, LogLevel.Warning, "Fact {Type} {Seq} was not delivered, attempt {Attempt}")]
    public static partial void FactNotDelivered(this ILogger log, Exception failed, string type, long seq, int attempt);

    [LoggerMessage(3, LogLevel.Warning, "A turn of {Count} commands is tried again, attempt {Attempt}")]
    public static partial void TurnRetried(this ILogger log, Exception failed, int count, int attempt);

    [LoggerMessage(4, LogLevel.Information, "Job {Job} range {Range} began")]
    public static partial void JobRangeBegan(this ILogger log, Guid job, int range);

    [LoggerMessage(5, LogLevel.Information, "Job {Job} range {Range} finished")]
    public static partial void JobRangeFinished(this ILogger log, Guid job, int range);

    [LoggerMessage(6, LogLevel.Warning, "Job {Job} range {Range} met an error, attempt {Attempt}")]
    public static partial void JobRangeInterrupted(this ILogger log, Exception failed, Guid job, int range, int attempt);

    [LoggerMessage(7, LogLevel.Information, "Job {Job} ended")]
    public static partial void JobEnded(this ILogger log, Guid job);

    [LoggerMessage(8, LogLevel.Warning, "Mail {Mail} was not taken, attempt {Attempt}, answer {Code}, given up: {Never}")]
    public static partial void MailNotSent(this ILogger log, Guid mail, int attempt, int code, bool never);

    [LoggerMessage(9, LogLevel.Warning, "Sending mail was interrupted and begins again")]
    public static partial void MailInterrupted(this ILogger log, Exception broken);

    [LoggerMessage(10, LogLevel.Warning, "Recurring work {Name} failed and runs again at its next time")]
    public static partial void RecurringFailed(this ILogger log, Exception failed, string name);

    [LoggerMessage(11, LogLevel.Warning, "Keeping work going was interrupted and begins again")]
    public static partial void KeepingInterrupted(this ILogger log, Exception broken);

    [LoggerMessage(13, LogLevel.Warning, "Job {Job} range {Range} was left and is taken up again")]
    public static partial void WalkEnded(this ILogger log, Exception failed, Guid job, int range);

    [LoggerMessage(12, LogLevel.Warning, "The mail server cannot be used now, answer {Code} (0: none)")]
    public static partial void MailServerGone(this ILogger log, int code);

    [LoggerMessage(20, LogLevel.Warning, "{Table}: {Id} has a name that differs from another's in nothing that counts, and got a number")]
    public static partial void NameRenumbered(this ILogger log, string table, Guid id);

    [LoggerMessage(21, LogLevel.Information, "Silo {Address} runs")]
    public static partial void SiloRuns(this ILogger log, string address);

    [LoggerMessage(22, LogLevel.Warning, "The silo did not start and is tried again; until then turns go straight to the database")]
    public static partial void SiloDidNotStart(this ILogger log, Exception failed);

    [LoggerMessage(23, LogLevel.Error, "The silo ended by itself: {Context}")]
    public static partial void SiloDied(this ILogger log, Exception? failed, string context);

    [LoggerMessage(24, LogLevel.Warning, "A new silo takes the place of the one that ended")]
    public static partial void SiloIsReplaced(this ILogger log);

    [LoggerMessage(25, LogLevel.Warning, "The silo did not leave in good order and is left to itself")]
    public static partial void SiloDidNotLeave(this ILogger log, Exception failed);

    [LoggerMessage(26, LogLevel.Information,
        "A grain gave no answer ({Why}), as while nodes come and go: its command is done on the database, and nothing is lost")]
    public static partial void GrainDidNotAnswer(this ILogger log, string why);

    [LoggerMessage(27, LogLevel.Warning, "{Count} turns that were written together are taken one by one")]
    public static partial void TurnsNotWritten(this ILogger log, Exception failed, int count);

    [LoggerMessage(28, LogLevel.Warning, "A session that had stood still in the middle of a command since {Since:O} was ended")]
    public static partial void StuckSessionEnded(this ILogger log, DateTime since);

    [LoggerMessage(29, LogLevel.Warning, "Counts of limits were not written ({Why}) and are at the next second")]
    public static partial void CountsNotWritten(this ILogger log, string why);

    [LoggerMessage(30, LogLevel.Error,
        "This machine's clock is {Seconds:0.0} s ahead of the database's: the node is not ready until it is right")]
    public static partial void ClockIsOff(this ILogger log, double seconds);

    [LoggerMessage(31, LogLevel.Information, "This machine's clock is right again, {Seconds:0.000} s ahead of the database's")]
    public static partial void ClockIsRight(this ILogger log, double seconds);

    [LoggerMessage(32, LogLevel.Warning, "What was taken away cannot be read, so every check reads its rows; said once")]
    public static partial void RevocationsNotRead(this ILogger log, Exception failed);

    [LoggerMessage(33, LogLevel.Warning, "What has changed cannot be read, so pages are not told; said once")]
    public static partial void ChangesNotRead(this ILogger log, Exception failed);

    [LoggerMessage(34, LogLevel.Warning,
        "A new refresh token is kept in memory alone, and a restart begins with Mail:Smtp:OAuth2:RefreshToken again; said once")]
    public static partial void RefreshTokenNotStored(this ILogger log);

    [LoggerMessage(35, LogLevel.Warning, "The silo is no longer in the cluster's table, as after a restore")]
    public static partial void SiloIsNotListed(this ILogger log);

    [LoggerMessage(36, LogLevel.Error, "The database cannot be used now ({Why}); said once, until it answers again")]
    public static partial void DatabaseIsAway(this ILogger log, string why);

    [LoggerMessage(37, LogLevel.Warning, "The database answers again")]
    public static partial void DatabaseIsBack(this ILogger log);
}
