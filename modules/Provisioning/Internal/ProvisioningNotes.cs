namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>The troubleshooting log of a directory. It is no audit: what was done stands in the audit log, and what is old goes.</summary>
sealed class ProvisioningNotes(NpgsqlDataSource database, TimeProvider clock) : IRequestHandler<NoteProvisioning, Done>, IRecurring
{
    /// <summary>Longer addresses are cut, and longer reasons, which name each attribute that was passed over (own choices).</summary>
    const int MaxText = 500, MaxReason = 2_000;

    static readonly TimeSpan Kept = TimeSpan.FromDays(30);
    const int KeptPerDirectory = 10_000;

    public string Name => "forget old provisioning notes";
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    public async Task<Done> Handle(NoteProvisioning note, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        // A person of another directory is nobody here; a directory that was removed meanwhile has no log.
        await connection.ExecuteAsync("""
            insert into directory.provisioning_note (id, directory_id, at, method, path, status, reason, account_id)
            select @id, d.id, @now, @method, @path, @status, @reason, (select u.account_id from directory.provisioned_user u
              where u.account_id = @Person and u.directory_id = d.id)
            from directory.identity_directory d where d.id = @directory
            """, new
        {
            id = Guid.CreateVersion7(now),
            directory = note.Directory.Value,
            now = now.UtcDateTime,
            method = Cut(note.Method),
            path = Cut(note.Path),
            status = note.Status,
            reason = Cut(note.Reason, MaxReason),
            note.Person
        });
        return Done.It;
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

    /// <summary>NUL and halves of characters are no text for the database.</summary>
    static string Cut(string text, int most = MaxText) =>
        string.Concat((text.Length <= most ? text : text[..most]).Where(c => !char.IsControl(c) && !char.IsSurrogate(c)));
}
