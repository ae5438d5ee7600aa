using Dapper;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using Npgsql;

namespace DirectoryPlatform.Sites.Storage;

/// <summary>One change in this room: its rows, its audit entries and its mails are one transaction, which a refusal takes back.</summary>
sealed class SiteTurns(NpgsqlDataSource database, Post post, TimeProvider clock)
{
    public async Task<Outcome<T>> Do<T>(Origin origin, Func<SiteTurn, Task<Outcome<T>>> decide, CancellationToken ct) where T : notnull
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var turn = new SiteTurn(connection, origin, clock.GetUtcNow());
        var outcome = await decide(turn);
        if (!outcome.Granted) return outcome;
        await turn.Write(ct);
        await transaction.CommitAsync(ct);
        if (turn.HasMail) post.Hurry();
        return outcome;
    }

    /// <summary>The same code, and nothing of it written: for previews.</summary>
    public async Task<T> Look<T>(Origin origin, Func<SiteTurn, Task<T>> look, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        return await look(new SiteTurn(connection, origin, clock.GetUtcNow()));
    }
}

/// <param name="job">Whose chunk this is; null for a deed by itself.</param>
sealed class SiteTurn(NpgsqlConnection connection, Origin origin, DateTimeOffset now, JobId? job = null)
{
    readonly List<AuditEntry> _entries = [];
    readonly List<Mail> _mails = [];

    public Origin Origin { get; } = origin;
    public DateTimeOffset Now { get; } = now;
    public bool HasMail => _mails.Count > 0;

    /// <summary>For rooms that write along in this transaction.</summary>
    public NpgsqlConnection Connection => connection;

    public Task<int> Write(string sql, object values) => connection.ExecuteAsync(sql, values);
    public async Task<IReadOnlyList<T>> Rows<T>(string sql, object values) => (await connection.QueryAsync<T>(sql, values)).AsList();
    public Task<T?> Value<T>(string sql, object values) => connection.ExecuteScalarAsync<T?>(sql, values);

    /// <summary>Another room's statement, in this transaction.</summary>
    public async Task Run(NpgsqlBatchCommand along, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { along } };
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The site's organization; null for an unknown site. The site stays: its row is locked against removal.</summary>
    public async Task<OrganizationId?> OrganizationOf(SiteId site) =>
        await Value<Guid?>("select organization_id from sites.site where id = @site for key share", new { site = site.Value }) is { } id
            ? new OrganizationId(id)
            : null;

    /// <param name="personal">Names and addresses: they stand in the erasable column.</param>
    public void Audit(OrganizationId organization, Guid subject, string action, object? before = null, object? after = null,
        object? personal = null) =>
        _entries.Add(new(Guid.CreateVersion7(Now), Now, organization.Value, Origin, subject, action, job?.Value, null, Json(before),
            Json(after), personal is null ? null : KernelJson.Write(new { after = personal })));

    public void Send(Mail mail) => _mails.Add(mail);

    public async Task Write(CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (_entries.Count > 0) batch.BatchCommands.Add(AuditLog.Insert(_entries));
        if (_mails.Count > 0) batch.BatchCommands.Add(Mail.Insert(_mails, Now));
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Who is on no site of the organization any more is in none of its groups (SPEC U5); who is in a provider's group, the
    /// provider says (P2).</summary>
    public Task LeaveGroupsOfNoSite(OrganizationId organization, Guid[] people) => Write("""
        delete from sites.group_member gm using sites.grp g where g.id = gm.group_id and g.organization_id = @organization
          and g.provided_by is null and gm.account_id = any(@people)
          and not exists (select from sites.site_member m join sites.site s on s.id = m.site_id where m.account_id = gm.account_id
            and s.organization_id = @organization)
        """, new { organization = organization.Value, people });

    /// <summary>The lists follow the rows, in the same transaction.</summary>
    public Task Relist(OrganizationId organization, params Guid[] people) =>
        Write("select sites.relist(@organization, @people)", new { organization = organization.Value, people });

    public Task RelistInvitations(OrganizationId organization, params Guid[] ids) =>
        Write("select sites.relist_invitations(@organization, @ids)", new { organization = organization.Value, ids });

    static string? Json(object? value) => value is null ? null : KernelJson.Write(value);
}
