namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>The troubleshooting log of a directory. It is no audit: what was done stands in the audit log, and what is old goes.</summary>
sealed class ProvisioningNotes(NpgsqlDataSource database, TimeProvider clock) : IRequestHandler<NoteProvisioning, Done>, IRecurring
{
    /// <summary>Longer addresses are cut; longer reasons, which name each attribute that was passed over, go on in further lines, of which
    /// one request has so many at most (own choices).</summary>
    const int MaxText = 500, MaxReason = 2_000, MostLines = 20;

    static readonly TimeSpan Kept = TimeSpan.FromDays(30);
    const int KeptPerDirectory = 10_000;

    public string Name => "forget old provisioning notes";
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    public async Task<Done> Handle(NoteProvisioning note, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // Newest first is how they are read: what belongs together stays in its order.
        var lines = note.All.SelectMany(odd => Lines(odd.Reason).Select(reason => (Odd: odd, Reason: reason))).Reverse()
            .Select((line, i) => (line.Odd, line.Reason, At: now.AddTicks(i * TimeSpan.TicksPerMicrosecond))).ToList();
        if (lines.Count == 0) return Done.It;
        await using var connection = await database.OpenConnectionAsync(ct);
        // A person of another directory is nobody here; a directory that was removed meanwhile has no log.
        await connection.ExecuteAsync("""
            insert into directory.provisioning_note (id, directory_id, at, method, path, status, reason, account_id)
            select n.id, d.id, n.at, n.method, n.path, n.status, n.reason, (select u.account_id from directory.provisioned_user u
              where u.account_id = n.person and u.directory_id = d.id)
            from directory.identity_directory d,
              unnest(@ids, @ats, @methods, @paths, @statuses, @reasons, @people) n(id, at, method, path, status, reason, person)
            where d.id = @directory
            """, new
        {
            directory = note.Directory.Value,
            ids = lines.Select(l => Guid.CreateVersion7(l.At)).ToArray(),
            ats = lines.Select(l => l.At.UtcDateTime).ToArray(),
            methods = lines.Select(l => Plain(Cut(l.Odd.Method))).ToArray(),
            paths = lines.Select(l => Plain(Cut(l.Odd.Path))).ToArray(),
            statuses = lines.Select(l => l.Odd.Status).ToArray(),
            reasons = lines.Select(l => Plain(l.Reason)).ToArray(),
            people = lines.Select(l => l.Odd.Person).ToArray()
        });
        return Done.It;
    }

    /// <summary>Broken between words, so that erasing a person finds every name whole.</summary>
    static IEnumerable<string> Lines(string reason)
    {
        for (var line = 1; reason.Length > MaxReason && line < MostLines; line++)
        {
            var end = reason.LastIndexOf(' ', MaxReason) is > 0 and var blank ? blank : MaxReason;
            yield return reason[..end];
            reason = reason[end..].TrimStart();
        }
        yield return reason.Length > MaxReason ? $"{reason[..(MaxReason - 1)]}…" : reason;
    }

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection
            .ExecuteAsync(
                "delete from directory.provisioning_note where at < @before; delete from directory.identity_question "
                + "where last_asked_at < @before", new { before = (clock.GetUtcNow() - Kept).UtcDateTime });
        // Materialized, or a planner that takes the table for small looks for the oldest one to keep again for each row.
        await connection.ExecuteAsync("""
            with over as materialized (
              select d.id, oldest.at, oldest.id as note from directory.identity_directory d
                cross join lateral (select at, id from directory.provisioning_note where directory_id = d.id
                  order by at desc, id desc offset @kept limit 1) oldest)
            delete from directory.provisioning_note n using over where n.directory_id = over.id and (n.at, n.id) <= (over.at, over.note)
            """, new { kept = KeptPerDirectory });
    }

    static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];

    /// <summary>NUL and halves of characters are no text for the database.</summary>
    static string Plain(string text) => string.Concat(text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)));
}
