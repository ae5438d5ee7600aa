namespace DirectoryPlatform.Kernel.Changes;

/// <summary>What the code within a <see cref="UnitOfWork"/> reads and writes by. Statements run at once; those that were queued, entries,
/// mails and facts are sent together at the end, in one round trip.</summary>
/// <param name="connection">With a transaction that somebody else commits, after <see cref="Save"/>.</param>
/// <param name="job">Whose chunk this is; null for a change by itself.</param>
public sealed class Change(NpgsqlConnection connection, Origin origin, DateTimeOffset now, JobId? job = null)
{
    readonly List<NpgsqlBatchCommand> _statements = [];
    readonly List<AuditEntry> _entries = [];
    readonly List<OutgoingMail> _mails = [];
    readonly List<(Guid Stream, Fact Fact)> _facts = [];
    string? _whyQuiet;
    bool _begins;
    NpgsqlTransaction? _transaction;

    /// <summary>With a transaction of its own. The first statement that runs at once begins it; where none does, the batch at the end is
    /// the whole transaction, in one round trip.</summary>
    internal static Change On(NpgsqlConnection connection, Origin origin, DateTimeOffset now) =>
        new(connection, origin, now) { _begins = true };

    public Origin Origin { get; } = origin;

    /// <summary>One moment for everything that is written.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>For stores and other modules that write along in this transaction.</summary>
    public NpgsqlConnection Connection
    {
        get
        {
            if (_begins) _transaction ??= connection.BeginTransaction();
            return connection;
        }
    }

    internal bool HasMail => _mails.Count > 0;
    internal bool HasFacts => _facts.Count > 0;
    internal bool IsAccountedFor => _entries.Count > 0 || _whyQuiet is not null;

    /// <returns>How many rows it wrote.</returns>
    public Task<int> Write(string sql, object values) => Connection.ExecuteAsync(sql, values);
    public async Task<IReadOnlyList<T>> Rows<T>(string sql, object values) => (await Connection.QueryAsync<T>(sql, values)).AsList();
    public Task<T?> Value<T>(string sql, object values) => Connection.ExecuteScalarAsync<T?>(sql, values);

    /// <summary>A statement that another module made, at once.</summary>
    /// <returns>How many rows all of them wrote.</returns>
    public Task<int> Run(IEnumerable<NpgsqlBatchCommand> statements, CancellationToken ct) => Run(Connection, statements, ct);

    static async Task<int> Run(NpgsqlConnection on, IEnumerable<NpgsqlBatchCommand> statements, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(on);
        foreach (var statement in statements) batch.BatchCommands.Add(statement);
        return batch.BatchCommands.Count == 0 ? 0 : await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The same at the end, before the entries.</summary>
    public void Queue(NpgsqlBatchCommand statement) => _statements.Add(statement);

    /// <summary>Until the end, whoever takes the same name on any node waits: for limits that no two requests may pass together.</summary>
    public Task Lock(string name) => Write("select pg_advisory_xact_lock(hashtextextended(@name, 0))", new { name });

    /// <param name="organization">In whose log it stands; null for a person's own, and for the installation's.</param>
    /// <param name="subject">What was changed.</param>
    /// <param name="action">A constant of the module's <c>…Actions</c>.</param>
    /// <param name="before">Written as JSON, as are the others.</param>
    /// <param name="personal">Names and addresses: they stand in the erasable column (SPEC A6).</param>
    /// <param name="fact">What was asked for, where neither before nor after says it.</param>
    public void WriteAudit(OrganizationId? organization, Guid subject, string action, object? before = null, object? after = null,
        object? personal = null, object? fact = null) =>
        WriteAudit([new(Guid.CreateVersion7(Now), Now, organization?.Value, Origin, subject, action, job?.Value, Json(fact), Json(before),
            Json(after), personal is null ? null : Json(new { after = personal }))]);

    /// <summary>Entries that are made elsewhere, for one and for many.</summary>
    public void WriteAudit(IEnumerable<AuditEntry> entries) => _entries.AddRange(entries);

    /// <summary>Says why this change needs no entry, where it commits without one.</summary>
    /// <param name="why">For whoever reads the code: "the verification that follows has the entry".</param>
    public void Quiet(string why) => _whyQuiet = why;

    /// <summary>Everything is as it was asked to be.</summary>
    public Done Unchanged()
    {
        Quiet("nothing changed");
        return Done.It;
    }

    /// <summary>Sent if and only if this commits.</summary>
    public void QueueMail(OutgoingMail mail) => _mails.Add(mail);

    /// <param name="stream">The id whose order the fact keeps.</param>
    public void Publish(Guid stream, Fact fact) => _facts.Add((stream, fact));

    /// <summary>Writes what waits for the end.</summary>
    public async Task Save(CancellationToken ct)
    {
        if (_entries.Count > 0) Queue(AuditLog.Insert(_entries));
        if (_mails.Count > 0) Queue(OutgoingMail.Insert(_mails, Now));
        if (_facts.Count > 0) Queue(Outbox.Insert(_facts, Now));
        await Run(connection, _statements, ct);
    }

    internal async Task Commit(CancellationToken ct)
    {
        await Save(ct);
        if (_transaction is not null) await _transaction.CommitAsync(ct);
    }

    static string? Json(object? value) => value is null ? null : KernelJson.Write(value);
}
