namespace DirectoryPlatform.Kernel.Mail;

/// <summary>The demo's mailbox (SPEC R3): what would have been sent, newest first. Empty outside demo mode.</summary>
/// <param name="To">Only mails to this address; null for all.</param>
public sealed record ReadMailbox(string? To = null, int Take = 50) : IRequest<IReadOnlyList<MailView>>;

/// <param name="Text">The plain-text body; links in it are absolute.</param>
public sealed record MailView(Guid Id, string To, string Subject, string Text, string Html, DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt, string? Failure);

sealed class MailboxReading(NpgsqlDataSource database, MailSettings settings, MailWriting writing)
    : IRequestHandler<ReadMailbox, IReadOnlyList<MailView>>
{
    public async Task<IReadOnlyList<MailView>> Handle(ReadMailbox query, CancellationToken ct)
    {
        if (!settings.Mailbox) return [];
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = (
            await connection.QueryAsync<(Guid Id, Guid? Organization, string To, string Template, string Letter, DateTime CreatedAt,
                DateTime? SentAt)>("""
            select id, organization_id, recipient, template, letter::text, created_at, sent_at from kernel.mail
            where @To::text is null or recipient = @To order by created_at desc limit @Take
            """, new { query.To, query.Take })).AsList();
        var mails = new List<MailView>(rows.Count);
        foreach (var row in rows)
        {
            var written = await writing.Write(row.Template, row.Letter, row.Organization, ct);
            mails.Add(new(row.Id, row.To, written.Subject, written.Text, written.Html, row.CreatedAt, row.SentAt, null));
        }
        return mails;
    }
}
