namespace DirectoryPlatform.Accounts.Internal.Importing;

/// <summary>Chunk by chunk, each in a transaction of its own; some are written while the next are read,
/// and the report keeps the file's order.</summary>
sealed class ImportAccountsHandler(NpgsqlDataSource database, IMediator mediator, TimeProvider clock)
    : IRequestHandler<ImportAccounts, Outcome<ImportCounts>>, IRequestHandler<PreviewImport, Outcome<ImportCounts>>
{
    const int ChunkSize = 10_000;

    // One more than there are processors: a chunk waits for the disk at its end.
    static readonly int AtOnce = Math.Clamp(Environment.ProcessorCount + 1, 3, 6);

    public async Task<Outcome<ImportCounts>> Handle(ImportAccounts command, CancellationToken ct)
    {
        var counts = await Read(command, isPreview: false, ct);
        if (counts.Granted) await Close(command, counts.Value, ct);
        return counts;
    }

    /// <summary>The import itself, each chunk taken back at its end, so that it cannot say anything else.</summary>
    public Task<Outcome<ImportCounts>> Handle(PreviewImport query, CancellationToken ct) =>
        Read(new(query.File, query.Verified, query.Report, new Origin(null, "preview"), query.Progress), isPreview: true, ct);

    async Task<Outcome<ImportCounts>> Read(ImportAccounts command, bool isPreview, CancellationToken ct)
    {
        var opened = await ImportFile.Open(command.File, ct);
        if (!opened.Granted) return opened.Refusal;
        using var file = opened.Value;
        await using var report = CsvFile.Write(command.Report);
        await report.WriteRecordAsync((string[])["line", "email", "result"], ct);
        var (counts, lines, waiting) = (new ImportCounts(0, 0, 0, 0, 0), 0L, new Queue<Task<ImportedChunk>>());
        while (file.Next(ChunkSize) is { Count: > 0 } chunk)
        {
            waiting.Enqueue(Task.Run(() => Write(chunk, command, isPreview, ct), ct));
            if (waiting.Count >= AtOnce) await Told();
        }
        while (waiting.Count > 0) await Told();
        return counts;

        async Task Told()
        {
            var done = await waiting.Dequeue();
            foreach (var (line, result) in done.Lines) await report.WriteRecordAsync((string[])[$"{line.Number}", line.Email, result], ct);
            counts += done.Counts;
            command.Progress(lines += done.Lines.Count);
        }
    }

    async Task<ImportedChunk> Write(IReadOnlyList<ImportLine> lines, ImportAccounts command, bool isPreview,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var owners = await Owners(connection, lines, ct);
        var facts = lines.Where(l => l.Refusal is null).Select(l => Decide(l, owners, command, now)).ToArray();
        var created = await new ImportedAccounts(connection, facts, command.Origin).Write(ct);
        if (isPreview) await transaction.RollbackAsync(ct);
        else await transaction.CommitAsync(ct);
        return ImportedChunk.Of(lines, created);
    }

    /// <summary>A new account on a domain that is claimed automatically is claimed in the same moment (SPEC C4). The lock keeps the domain
    /// with its owner until the chunk is committed.</summary>
    async Task<Dictionary<string, OrganizationId?>> Owners(NpgsqlConnection connection, IReadOnlyList<ImportLine> lines,
        CancellationToken ct)
    {
        var owners = new Dictionary<string, OrganizationId?>();
        foreach (var domain in lines.Where(l => l.Refusal is null).Select(l => l.Address!.Value.Domain).Distinct()
            .Order(StringComparer.Ordinal))
        {
            if ((owners[domain] = await Claiming(domain)) is null) continue;
            await DomainLock.Shared(connection, domain, ct);
            owners[domain] = await Claiming(domain);
        }
        return owners;

        async Task<OrganizationId?> Claiming(string domain) =>
            (await mediator.Send(new WhoOwnsDomain(domain), ct))?.Claimer;
    }

    /// <summary>The same decision as for one person who signs up.</summary>
    static AccountSignedUp Decide(ImportLine line, Dictionary<string, OrganizationId?> owners, ImportAccounts command, DateTimeOffset now)
    {
        var (id, email) = (new AccountId(Guid.CreateVersion7(now)), line.Address!.Value);
        return (AccountSignedUp)new SignUpAccount(id, email, line.Name, command.Verified, owners[email.Domain], command.Origin)
            .Decide(null, now).Value;
    }

    async Task Close(ImportAccounts command, ImportCounts counts, CancellationToken ct)
    {
        var (id, now) = (Guid.CreateVersion7(), clock.GetUtcNow());
        await using var batch = database.CreateBatch();
        batch.BatchCommands
            .Add(AuditLog.Insert(
                [new(id, now, null, command.Origin, id, AccountActions.AccountsImported, Fact: KernelJson.Write(counts))]));
        batch.BatchCommands.Add(new("analyze accounts.account"));
        batch.BatchCommands.Add(new("analyze accounts.search"));
        batch.Timeout = 0;
        await batch.ExecuteNonQueryAsync(ct);
    }
}

/// <param name="Lines">Each line with what became of it.</param>
sealed record ImportedChunk(IReadOnlyList<(ImportLine Line, string Result)> Lines, ImportCounts Counts)
{
    /// <param name="created">By address: whether it was claimed, too.</param>
    public static ImportedChunk Of(IReadOnlyList<ImportLine> lines, IReadOnlyDictionary<string, bool> created)
    {
        var counts = new ImportCounts(0, 0, 0, 0, 0);
        var told = new List<(ImportLine, string)>(lines.Count);
        foreach (var line in lines)
        {
            var (result, one) = line switch
            {
                { IsRepeated: true } => ("repeated: the address is on an earlier line", new ImportCounts(0, 0, 0, 1, 0)),
                { Refusal: { } why } => ($"invalid: {why}", new ImportCounts(0, 0, 0, 0, 1)),
                { Address: { } address } when created.TryGetValue(address.Value, out var claimed) =>
                    (claimed ? "created and claimed" : "created", new ImportCounts(1, claimed ? 1 : 0, 0, 0, 0)),
                _ => ("exists already", new ImportCounts(0, 0, 1, 0, 0)),
            };
            told.Add((line, result));
            counts += one;
        }
        return new(told, counts);
    }
}
