namespace DirectoryPlatform.Kernel.UndeliveredMail;

/// <summary>What an organization's admins see of mails sent in its name that have not arrived (SPEC R8),
/// mails to its unverified accounts included.</summary>
public sealed record ReadOrganizationMail(Guid Organization) : IRequest<OrganizationMail>;

/// <param name="Undeliverable">Newest first, at most 200.</param>
/// <param name="Waiting">Oldest first, at most 200: to be sent, or to be tried again.</param>
/// <param name="HasServer">False when the installation names no mail server, so that nothing leaves the queue.</param>
public sealed record OrganizationMail(IReadOnlyList<UnsentMail> Undeliverable, long UndeliverableCount, IReadOnlyList<UnsentMail> Waiting,
    long WaitingCount, bool HasServer);

/// <param name="Template">"email-verification": which letter it is.</param>
/// <param name="TriedAt">Null before the first try.</param>
/// <param name="Failure">The mail server's words, or what went wrong; null before the first failure.</param>
public sealed record UnsentMail(Guid Id, string To, string Template, DateTimeOffset CreatedAt, DateTimeOffset? TriedAt,
    DateTimeOffset NextAt, int Attempts, string? Failure);

/// <summary>Undeliverable mails of the organization: the number beside the menu's word.</summary>
public sealed record CountUndeliverableMail(Guid Organization) : IRequest<long>;

/// <summary>Tries an unsent mail, or all undeliverable ones, again now and for as long as a new one.</summary>
/// <param name="Mail">Null for all undeliverable ones.</param>
public sealed record RetryMail(Guid Organization, Guid? Mail, Origin Origin) : IRequest<Outcome<Done>>;

sealed class OrganizationMailHandlers(NpgsqlDataSource database, UnitOfWork work, MailSettings settings, MailQueue queue)
    : IRequestHandler<ReadOrganizationMail, OrganizationMail>, IRequestHandler<CountUndeliverableMail, long>,
    IRequestHandler<RetryMail, Outcome<Done>>
{
    const int Shown = 200;
    const string OfOrganization = "organization_id = @Organization and sent_at is null and undeliverable_at is";

    public async Task<OrganizationMail> Handle(ReadOrganizationMail query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var (undeliverable, waiting) = await connection.QuerySingleAsync<(long, long)>("""
            select count(*) filter (where undeliverable_at is not null), count(*) filter (where undeliverable_at is null) from kernel.mail
              where organization_id = @Organization and sent_at is null
            """, query);
        return new(
            undeliverable == 0 ? [] : await Read(connection, $"{OfOrganization} not null order by undeliverable_at desc", query),
            undeliverable,
            waiting == 0 ? [] : await Read(connection, $"{OfOrganization} null order by created_at", query), waiting,
                settings.Host is not null || settings.Mailbox);
    }

    static async Task<IReadOnlyList<UnsentMail>> Read(NpgsqlConnection connection, string which, object values) =>
        [.. (await connection.QueryAsync<(Guid Id, string To, string Template, DateTime CreatedAt, DateTime? TriedAt, DateTime NextAt,
            int Attempts, string? Failure)>($"""
                select id, recipient, template, created_at, tried_at, next_at, attempts, failure
                from kernel.mail where {which} limit {Shown}
                """, values))
            .Select(m => new UnsentMail(m.Id, m.To, m.Template, m.CreatedAt, m.TriedAt, m.NextAt, m.Attempts, m.Failure))];

    public Task<long> Handle(CountUndeliverableMail query, CancellationToken ct) => database.Value<long>(
        $"select count(*) from kernel.mail where {OfOrganization} not null", query, ct);

    public async Task<Outcome<Done>> Handle(RetryMail command, CancellationToken ct)
    {
        var outcome = await work.Run<Done>(command.Origin, async change =>
        {
            // Its age counts from now on, too: a mail that was given up for its age is not given up again at the next bad moment.
            var tried = await change.Write("""
                update kernel.mail set undeliverable_at = null, attempts = 0, next_at = @now, created_at = @now
                where organization_id = @Organization and sent_at is null and (id = @Mail or @Mail::uuid is null
                  and undeliverable_at is not null)
                """, new { command.Organization, command.Mail, now = change.Now.UtcDateTime });
            if (tried == 0 && command.Mail is not null) return new NotFound("mail");
            change.WriteAudit(new(command.Organization), command.Mail ?? command.Organization, KernelActions.MailRetried);
            return Done.It;
        }, ct);
        if (outcome.Granted) queue.WakeSender();
        return outcome;
    }
}
