namespace DirectoryPlatform.Kernel.Mail;

/// <summary>
/// Sends what is queued, on every node, each mail by one of them (SPEC R8). A node borrows some mails for a while; one that dies with them
/// gives them back by not bringing them home. Retried with growing pauses for about half a day; a permanent answer ends it at once. A
/// server that does not answer is no mail's fault and uses up no tries.
/// </summary>
sealed class MailSending(
    NpgsqlDataSource database, MailSettings settings, MailWriting writing, TimeProvider clock, BackgroundSettings background,
    [FromKeyedServices(MailSending.WakeKey)] Wake wake, MailServerState server, Outage outage,
    ILogger<MailSending> log) : BackgroundService
{
    public const string WakeKey = "mail";

    /// <summary>10 s, 20 s, 40 s … add up to about 11 hours.</summary>
    internal const int MaxAttempts = 12;

    /// <summary>As long as mail servers usually keep what they cannot pass on (RFC 5321, 4.5.4.1: four to five days).</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromDays(5);

    internal static readonly TimeSpan WithoutServer = TimeSpan.FromSeconds(30);

    /// <summary>Mails borrowed at once, over one connection.</summary>
    const int Take = 20;

    /// <summary>More than the slowest 20 mails take.</summary>
    static readonly TimeSpan Borrowed = TimeSpan.FromMinutes(15);

    readonly SmtpTokens? _tokens = settings is { OAuth2: { } tokens, User: { } user } ? new(tokens, user, clock, log) : null;

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        if (settings is { Host: null, Mailbox: false }) return;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                while (await SendSome(ct)) { }
                await wake.Wait(background.MailIdle, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { return; }
            catch (Exception broken)
            {
                if (!outage.Explains(broken)) log.MailInterrupted(broken);
                await Task.Delay(background.MailIdle, ct).ContinueWith(_ => { }, CancellationToken.None);
            }
        }
    }

    /// <returns>False when nothing more is to be done now.</returns>
    internal async Task<bool> SendSome(CancellationToken ct)
    {
        var borrowed = await Borrow();
        if (borrowed.Count == 0) return false;
        await using var line = settings.Mailbox ? null : new SmtpConnection(settings, _tokens);
        for (var i = 0; i < borrowed.Count; i++)
        {
            // Nothing is taken back half-way: a mail that the server has is marked so.
            if (ct.IsCancellationRequested) return await GiveBack(borrowed[i..], null);
            var mail = borrowed[i];
            using var span = Spans.Work($"mail {mail.Template}");
            MailAnswer answer;
            try { answer = await Try(mail, line, ct); }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { return await GiveBack(borrowed[i..], null); }
            server.Tried(gone: answer.Try is MailTry.NoServer);
            if (server.IsGone)
            {
                log.MailServerGone(answer.Code);
                return await GiveBack(borrowed[i..], answer.Answer);
            }
            await Record(mail, answer);
        }
        return borrowed.Count == Take;
    }

    async Task<MailAnswer> Try(Due mail, SmtpConnection? line, CancellationToken ct)
    {
        if (!writing.Knows(mail.Template)) return new(MailTry.Never, $"This version of the product has no letter called {mail.Template}.");
        var written = await writing.Write(mail.Template, mail.Letter, mail.Organization, CancellationToken.None);
        return line is null ? new(MailTry.Sent) : await line.Send(mail.Id, mail.Recipient, written, ct);
    }

    async Task<List<Due>> Borrow() =>
        [.. await database.Rows<Due>("""
            update kernel.mail m set next_at = @until from (
              select id from kernel.mail where sent_at is null and undeliverable_at is null and next_at <= @now order by can_wait, next_at
                limit @Take for update skip locked) d
            where m.id = d.id
            returning m.id, m.organization_id as organization, m.recipient, m.template, m.letter::text as letter, m.attempts
            """, new { now = Now, until = Now + Borrowed, Take }, CancellationToken.None)];

    async Task Record(Due mail, MailAnswer answer)
    {
        var (now, attempts) = (Now, mail.Attempts + 1);
        await using var connection = await database.OpenConnectionAsync();
        var never = answer.Try is MailTry.Never || attempts >= MaxAttempts;
        Meters.Mails.Count("outcome", answer.Try is MailTry.Sent ? "sent" : never ? "never" : "later");
        if (answer.Try is MailTry.Sent)
        {
            // What was sent is not kept: links in it are secrets. The demo's mailbox is the exception that the page says.
            await connection
                .ExecuteAsync(
                    "update kernel.mail set sent_at = @now, tried_at = @now, failure = null, letter = case when @Mailbox then letter "
                    + "else '{}' end where id = @Id",
                new { mail.Id, now, settings.Mailbox });
            return;
        }
        log.MailNotSent(mail.Id, attempts, answer.Code, never);
        await connection.ExecuteAsync("""
            update kernel.mail set attempts = @attempts, tried_at = @now, next_at = @next, failure = @Answer, undeliverable_at = case when
              @never then @now end where id = @Id
            """, new { mail.Id, attempts, now, never, answer.Answer, next = now.AddSeconds(10 * Math.Pow(2, mail.Attempts)) });
    }

    /// <param name="failure">Null when they were not tried.</param>
    async Task<bool> GiveBack(List<Due> mails, string? failure)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update kernel.mail set next_at = @next, failure = coalesce(@failure, failure), tried_at = case when @failure is null then
              tried_at else @now end,
              undeliverable_at = case when created_at < @old and @failure is not null then @now end
            where id = any(@ids)
            """, new
        {
            ids = mails.Select(m => m.Id).ToArray(),
            failure,
            now = Now,
            next = failure is null ? Now : Now + WithoutServer,
            old = Now - Patience
        });
        return false;
    }

    DateTime Now => clock.GetUtcNow().UtcDateTime;

    sealed record Due
    {
        public Guid Id { get; init; }
        public Guid? Organization { get; init; }
        public string Recipient { get; init; } = "";
        public string Template { get; init; } = "";
        public string Letter { get; init; } = "";
        public int Attempts { get; init; }
    }
}

/// <summary>Addresses of people are not kept for nothing: a month after it was sent or given up,
/// a mail is forgotten (own choice).</summary>
sealed class ForgetOldMail(NpgsqlDataSource database, TimeProvider clock) : IRecurring
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public string Name => "forget old mail";
    public TimeSpan Every => TimeSpan.FromHours(6);

    public Task Run(CancellationToken ct) => database.Write(
        "delete from kernel.mail where created_at < @old and coalesce(sent_at, undeliverable_at) < @old",
        new { old = (clock.GetUtcNow() - Kept).UtcDateTime }, ct);
}
