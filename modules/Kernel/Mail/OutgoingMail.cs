namespace DirectoryPlatform.Kernel.Mail;

/// <summary>A mail to be sent.</summary>
/// <param name="Organization">In whose name and words it is written, and whose admins see it when it cannot be delivered.</param>
/// <param name="Id">The same id again is the same mail: for listeners, which may hear a fact twice.</param>
public sealed record OutgoingMail(string To, Letter Letter, Guid? Organization = null, Guid? Id = null)
{
    public OutgoingMail(string To, string Subject, string Text, Guid? Organization = null, Guid? Id = null) : this(To,
        new PlainLetter(Subject, Text), Organization, Id)
    { }

    /// <summary>Queues mails in the caller's transaction: they are sent if and only if that commits. One statement, however many. What goes
    /// to a domain that cannot exist (RFC 2606, 2) is an account's that has lost its address, and is not queued.</summary>
    public static NpgsqlBatchCommand Insert(IReadOnlyList<OutgoingMail> mails, DateTimeOffset now) =>
        InsertThose([.. mails.Where(m => !m.To.EndsWith(".invalid", StringComparison.Ordinal))], now);

    static NpgsqlBatchCommand InsertThose(IReadOnlyList<OutgoingMail> mails, DateTimeOffset now) => new("""
        insert into kernel.mail (id, organization_id, recipient, template, letter, can_wait, created_at, next_at)
        select id, organization, recipient, template, letter::jsonb, can_wait, $7, $7
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::boolean[]) as m(id, organization, recipient, template,
          letter, can_wait) on conflict (id) do nothing
        """)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid[]> { TypedValue = [.. mails.Select(m => m.Id ?? Guid.CreateVersion7(now))] },
            new NpgsqlParameter<Guid?[]> { TypedValue = [.. mails.Select(m => m.Organization)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. mails.Select(m => m.To)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. mails.Select(m => m.Letter.Template)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. mails.Select(m => m.Letter.Values)] },
            new NpgsqlParameter<bool[]> { TypedValue = [.. mails.Select(m => m.Letter.CanWait)] },
            new() { Value = now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        },
    };

    /// <summary>Every kept or waiting mail to these addresses (SPEC A6).</summary>
    public static NpgsqlBatchCommand Forget(string[] recipients) =>
        new("delete from kernel.mail where recipient = any($1)")
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = recipients } }
        };
}

/// <summary>Where mail goes (SPEC R8). Without a host, mail stays in the queue; in the demo it goes to the mailbox page.</summary>
public sealed record MailSettings
{
    /// <summary>Of servers that are encrypted from the first byte.</summary>
    public const int TlsPort = 465;

    public string? Host { get; init; }
    public int Port { get; init; } = 587;
    public string? User { get; init; }
    public string? Password { get; init; }

    /// <summary>Speak plainly first, then insist on encryption; refused without it.</summary>
    public bool StartTls { get; init; } = true;

    /// <summary>Encrypted from the first byte (RFC 8314): what servers expect on port 465.</summary>
    public bool Tls { get; init; }

    /// <summary>Set where a server takes access tokens in place of a password.</summary>
    public MailOAuth2? OAuth2 { get; init; }

    public string From { get; init; } = "DirectoryPlatform <no-reply@localhost>";

    /// <summary>The demo's mailbox keeps what would be sent, with its links.</summary>
    public bool Mailbox { get; init; }

    /// <summary>Folder with own templates, see <see cref="MailTemplates"/>; null for none.</summary>
    public string? Templates { get; init; }
}
