using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using Dapper;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DirectoryPlatform.Kernel;

/// <summary>Sends what is queued, on every node, each mail by one of them; retried with growing pauses for about half a day (SPEC R8).</summary>
sealed class MailSending(NpgsqlDataSource database, MailSettings settings, TimeProvider clock, [FromKeyedServices(MailSending.WakeKey)] Wake wake, ILogger<MailSending> log) : BackgroundService
{
    public const string WakeKey = "mail";
    const int MaxAttempts = 12;

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        if (settings is { Host: null, Mailbox: false }) return;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                while (await SendOne(ct)) { }
                await wake.Wait(TimeSpan.FromSeconds(2), ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { return; }
            catch (Exception broken)
            {
                log.MailInterrupted(broken);
                await Task.Delay(TimeSpan.FromSeconds(2), ct).ContinueWith(_ => { }, CancellationToken.None);
            }
        }
    }

    internal async Task<bool> SendOne(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var due = await connection.QueryAsync<(Guid Id, string To, string Subject, string Text, string Html, int Attempts)>("""
            select id, recipient, subject, text, html, attempts from kernel.mail
            where sent_at is null and attempts < @MaxAttempts and next_at <= @now order by next_at limit 1 for update skip locked
            """, new { MaxAttempts, now }, transaction);
        if (due.AsList() is not [var m]) return false;
        try
        {
            // What was sent is not kept: links in it are secrets. The demo's mailbox is the exception that the page says.
            if (!settings.Mailbox) await Send(m.Id, m.To, m.Subject, m.Text, m.Html, ct);
            await connection.ExecuteAsync(settings.Mailbox
                ? "update kernel.mail set sent_at = @now, failure = null where id = @Id"
                : "update kernel.mail set sent_at = @now, failure = null, text = '', html = '' where id = @Id", new { m.Id, now }, transaction);
        }
        catch (Exception failed) when (failed is SmtpException or IOException or FormatException or InvalidOperationException)
        {
            log.MailNotSent(m.Id, m.Attempts + 1, failed.Message);
            await connection.ExecuteAsync("update kernel.mail set attempts = attempts + 1, next_at = @next, failure = @Message where id = @Id",
                new { m.Id, failed.Message, next = now.AddSeconds(10 * Math.Pow(2, m.Attempts)) }, transaction);
        }
        await transaction.CommitAsync(ct);
        return true;
    }

    async Task Send(Guid id, string to, string subject, string text, string html, CancellationToken ct)
    {
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.StartTls, Timeout = 20_000 };
        if (settings.User is not null) client.Credentials = new NetworkCredential(settings.User, settings.Password);
        using var message = new MailMessage(new MailAddress(settings.From), new MailAddress(to)) { Subject = subject, Body = text };
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(html, null, MediaTypeNames.Text.Html));
        message.Headers.Add("Message-ID", $"<{id:N}@directory-platform>");
        await client.SendMailAsync(message, ct);
    }
}

sealed class MailboxReading(NpgsqlDataSource database, MailSettings settings) : IRequestHandler<ReadMailbox, IReadOnlyList<MailView>>
{
    public async Task<IReadOnlyList<MailView>> Handle(ReadMailbox query, CancellationToken ct)
    {
        if (!settings.Mailbox) return [];
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(Guid Id, string To, string Subject, string Text, string Html, DateTime CreatedAt, DateTime? SentAt, string? Failure)>("""
            select id, recipient, subject, text, html, created_at, sent_at, failure from kernel.mail
            where @To::text is null or recipient = @To order by created_at desc limit @Take
            """, new { query.To, query.Take });
        return [.. rows.Select(r => new MailView(r.Id, r.To, r.Subject, r.Text, r.Html, r.CreatedAt, r.SentAt, r.Failure))];
    }
}
