using DirectoryPlatform.Accounts.Internal.Importing;

namespace DirectoryPlatform.Accounts.Internal.Seeding;

sealed class SeedAccountsHandler(UnitOfWork work) : IRequestHandler<SeedAccounts, long>
{
    const int ChunkSize = 20_000;

    public async Task<long> Handle(SeedAccounts command, CancellationToken ct)
    {
        var added = 0L;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, (command.Count + ChunkSize - 1) / ChunkSize),
            new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount, 1, 4), CancellationToken = ct },
            async (chunk, token) =>
            {
                var people = Enumerable.Range(chunk * ChunkSize, Math.Min(ChunkSize, command.Count - chunk * ChunkSize))
                    .Select(command.Population.Person).ToArray();
                Interlocked.Add(ref added, (await work.Run<long>(command.Origin, change => Write(change, people, token), token)).Value);
                await command.Written([.. people.Select(p => p.Id)]);
            });
        await work.Run(command.Origin, async change =>
        {
            change.WriteAudit(null, Guid.CreateVersion7(), AccountActions.AccountsSeeded,
                after: new { command.Population.Domain, command.Count, command.Population.Seed, added });
            await change.Run([new("analyze accounts.account"), new("analyze accounts.search")], ct);
        }, ct);
        return added;
    }

    static async Task<Outcome<long>> Write(Change change, Account[] people, CancellationToken ct)
    {
        var connection = change.Connection;
        change.Quiet("the whole run has one entry, at its end");
        await BulkInsertSettings.Expect(connection, ct);
        await using (
            var table = new NpgsqlCommand(
                "create temp table seeded (id uuid, email text, name text, key text, state smallint, verified boolean, "
                + "created_at timestamptz, text text) on commit drop", connection))
            await table.ExecuteNonQueryAsync(ct);
        await using (var copy = await connection.BeginBinaryImportAsync("copy seeded from stdin (format binary)", ct))
        {
            foreach (var p in people)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(p.Id.Value, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(p.Email!.Value.Value, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(p.Name, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(SearchKey.Of(p.Name), NpgsqlDbType.Text, ct);
                await copy.WriteAsync((short)p.State, NpgsqlDbType.Smallint, ct);
                await copy.WriteAsync(p.EmailVerified, NpgsqlDbType.Boolean, ct);
                await copy.WriteAsync(p.CreatedAt.UtcDateTime, NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(AccountStore.SearchText(p), NpgsqlDbType.Text, ct);
            }
            await copy.CompleteAsync(ct);
        }
        // One statement, for the reason that an import has.
        await using var insert = new NpgsqlCommand("""
            with new as (
              insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, created_at)
              select id, 1, email, split_part(email, '@', 2), name, key, state, verified, created_at from seeded on conflict do nothing
                returning id
            ), searchable as (
              insert into accounts.search (account_id, text) select s.id, s.text from seeded s join new using (id)
            )
            select count(*) from new
            """, connection) { CommandTimeout = 0 };
        return (long)(await insert.ExecuteScalarAsync(ct))!;
    }
}
