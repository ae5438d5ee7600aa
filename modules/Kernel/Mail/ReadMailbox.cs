namespace DirectoryPlatform.Kernel.Mail;

/// <summary>The demo's mailbox (SPEC R3): what would have been sent, newest first. Empty outside demo mode. Refused with
/// <see cref="BrokenCursor"/>.</summary>
/// <param name="To">Only mails to addresses that contain this; null for all.</param>
/// <param name="Cursor">As given by an earlier page.</param>
public sealed record ReadMailbox(string? To = null, string? Cursor = null, int Size = 20) : IRequest<Outcome<ListPage<MailView>>>;

/// <summary>One of them; refuses with <see cref="NotFound"/>, outside demo mode as well.</summary>
public sealed record ReadMail(Guid Mail) : IRequest<Outcome<MailView>>;

/// <param name="Text">The plain-text body; links in it are absolute.</param>
public sealed record MailView(Guid Id, string To, string Subject, string Text, string Html, DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt, string? Failure);

sealed class MailboxReading(NpgsqlDataSource database, MailSettings settings, MailWriting writing)
    : IRequestHandler<ReadMailbox, Outcome<ListPage<MailView>>>, IRequestHandler<ReadMail, Outcome<MailView>>
{
    sealed record Row(Guid Id, Guid? Organization, string To, string Template, string Letter, DateTime CreatedAt, DateTime? SentAt);

    static readonly KeysetList<Row> List = new()
    {
        Name = "mailbox",
        Alias = "m",
        Columns = "m.id, m.organization_id, m.recipient, m.template, m.letter::text, m.created_at, m.sent_at",
        Row = r => new(r.GetGuid(0), r.IsDBNull(1) ? null : r.GetGuid(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetDateTime(5),
            r.IsDBNull(6) ? null : r.GetDateTime(6)),
        Orders = [new(ListSort.Added, KeysetColumn.Time("m.created_at"))],
    };

    public async Task<Outcome<ListPage<MailView>>> Handle(ReadMailbox query, CancellationToken ct)
    {
        if (!settings.Mailbox) return ListPage<MailView>.Empty;
        var page = await List.Page(database, new(ListSort.Added, Descending: true, query.Cursor, query.Size),
            values => Task.FromResult(new ListRows("kernel.mail m", query.To?.Trim() is { Length: > 0 } to
                ? $"strpos(m.recipient, {values.Place(to.ToLowerInvariant())}) > 0"
                : "true")), ct);
        if (!page.Granted) return page.Refusal;
        var mails = new List<MailView>(page.Value.Rows.Count);
        foreach (var row in page.Value.Rows) mails.Add(await View(row, ct));
        return page.Value.With(mails);
    }

    public async Task<Outcome<MailView>> Handle(ReadMail query, CancellationToken ct)
    {
        if (!settings.Mailbox) return new NotFound("mail");
        await using var command = database.CreateCommand($"select {List.Columns} from kernel.mail m where m.id = $1");
        command.Parameters.Add(new() { Value = query.Mail });
        Row? row = null;
        await using (var rows = await command.ExecuteReaderAsync(ct))
            if (await rows.ReadAsync(ct)) row = List.Row(rows);
        return row is null ? new NotFound("mail") : await View(row, ct);
    }

    async Task<MailView> View(Row row, CancellationToken ct)
    {
        var written = await writing.Write(row.Template, row.Letter, row.Organization, ct);
        return new(row.Id, row.To, written.Subject, written.Text, written.Html, row.CreatedAt, row.SentAt, null);
    }
}
