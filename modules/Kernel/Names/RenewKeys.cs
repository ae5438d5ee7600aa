namespace DirectoryPlatform.Kernel.Names;

/// <summary>
/// Writes the keys anew that another version of this program computed (docs/decisions/0050): a migration cannot, because PostgreSQL folds
/// nothing here. It goes on while the program serves, chunk by chunk, and how far it came stands in each chunk's transaction; so a crash
/// costs one chunk, and a second run finds nothing to do.
/// </summary>
sealed class RenewKeys(UnitOfWork work, NpgsqlDataSource database, IEnumerable<KeptKeys> all, ILogger<RenewKeys> log) : IRecurring
{
    /// <summary>Read at a time; of most rows the key is right already (own choice).</summary>
    const int Chunk = 5_000;

    const string Done = "done";

    public string Name => "renew name keys";

    /// <summary>How soon what a crash broke off goes on; with nothing to do it is one look at one row for each table.</summary>
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task Run(CancellationToken ct)
    {
        // Few rows, and until they are right a new name may take the place of an old one.
        foreach (var table in all.OrderBy(t => t is UniqueNameKeys ? 0 : 1))
            while (!ct.IsCancellationRequested && await Some(table, ct)) { }
    }

    /// <returns>Whether more may be left.</returns>
    internal async Task<bool> Some(KeptKeys table, CancellationToken ct)
    {
        var (setting, version) = ($"name keys of {table.Table}", SearchKey.Version.ToString(CultureInfo.InvariantCulture));
        await using var connection = await database.OpenConnectionAsync(ct);
        var reached = (await connection.ExecuteScalarAsync<string?>("select value from kernel.setting where name = @setting",
            new { setting }))?.Split(' ') is [var of, var place] && of == version ? place : $"{Guid.Empty}";
        if (reached == Done) return false;
        var (last, renumbered) = ((Guid?)null, (IReadOnlyList<Renumbered>)[]);
        await work.Run(Origin.Schedule, async change =>
        {
            (last, renumbered) = await table.Renew(change.Connection, new Guid(reached), Chunk);
            await change.Write("""
                insert into kernel.setting (name, value) values (@setting, @value) on conflict (name) do update set value = excluded.value
                """, new { setting, value = $"{version} {last?.ToString() ?? Done}" });
            foreach (var name in renumbered)
                change.WriteAudit(new OrganizationId(name.Organization), name.Id, KernelActions.NameRenumbered, new { name = name.Was },
                    new { name = name.Now });
            if (renumbered.Count == 0) change.Quiet("keys are what names are found by; the names stay");
        }, ct);
        foreach (var name in renumbered) log.NameRenumbered(table.Table, name.Id);
        return last is not null;
    }
}
