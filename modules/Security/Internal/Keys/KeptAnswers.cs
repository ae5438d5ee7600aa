using System.Diagnostics;

namespace DirectoryPlatform.Security.Internal.Keys;

sealed class KeptAnswers(NpgsqlDataSource database, Presence presence, TimeProvider clock)
    : IRequestHandler<BeginOnce, Outcome<Begun>>, IRequestHandler<EndOnce, Done>
{
    /// <summary>SPEC P4's day; rows go a little later.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Longer than any request: after it, the node that was to answer is taken for dead, if it cannot be told sooner (own choice).
    /// </summary>
    static readonly TimeSpan Dead = TimeSpan.FromMinutes(5);

    /// <summary>Between two tries to end a request whose end could not be written.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<Outcome<Begun>> Handle(BeginOnce command, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var values = new
        {
            command.Key,
            command.Name,
            command.RequestHash,
            presence.Process,
            now = now.UtcDateTime,
            old = (now - Kept).UtcDateTime,
            dead = (now - Dead).UtcDateTime
        };
        await using var connection = await database.OpenConnectionAsync(ct);
        try
        {
            if (await Begin(connection, values)) return new Begun(null, values.now, values.Process);
        }
        catch (Exception failed) when (Database.IsAway(failed))
        {
            // It may have been written all the same, and nobody carries it out.
            _ = WriteLater("""
                delete from security.api_answer where key_id = @Key and idempotency_key = @Name and status is null
                  and begun_at = @now and process is not distinct from @Process
                """, values);
            throw;
        }
        var (hash, status, type, body) = await connection.QuerySingleOrDefaultAsync<(byte[]?, int?, string?, string?)>(
            "select request_hash, status, content_type, body from security.api_answer where key_id = @Key and idempotency_key = @Name",
                values);
        if (hash is null) return new StillBeingDone(); // It was given up in between.
        if (!hash.AsSpan().SequenceEqual(command.RequestHash)) return new IdempotencyKeyReused();
        return status is { } known ? new Begun(new KeptAnswer(known, type, body ?? "")) : new StillBeingDone();
    }

    static async Task<bool> Begin(NpgsqlConnection connection, object values) => await connection.ExecuteAsync("""
            insert into security.api_answer (key_id, idempotency_key, request_hash, begun_at, process)
              values (@Key, @Name, @RequestHash, @now, @Process)
            on conflict (key_id, idempotency_key) do update set request_hash = @RequestHash, begun_at = @now, process = @Process,
              status = null, content_type = null, body = null
              where api_answer.begun_at < @old or (api_answer.status is null and api_answer.request_hash = @RequestHash
                and (api_answer.begun_at < @dead or (api_answer.process is not null and api_answer.process is distinct from @Process
                  and not kernel.process_lives(api_answer.process))))
            """, values) == 1;

    public async Task<Done> Handle(EndOnce command, CancellationToken ct)
    {
        var sql = command.Answer is null
            ? "delete from security.api_answer where key_id = @Key and idempotency_key = @Name and status is null "
            + "and begun_at = @At and process is not distinct from @Process"
            : "update security.api_answer set status = @Status, content_type = @ContentType, body = @Body where key_id = @Key "
            + "and idempotency_key = @Name and status is null and begun_at = @At and process is not distinct from @Process";
        var values = new
        {
            command.Key,
            command.Name,
            command.Begun.At,
            command.Begun.Process,
            command.Answer?.Status,
            command.Answer?.ContentType,
            command.Answer?.Body
        };
        // Whoever asked is answered; that the database is away has broken the request already, or came after all was done.
        try { await database.Write(sql, values, ct); }
        catch (Exception failed) when (Database.IsAway(failed)) { _ = WriteLater(sql, values); }
        return Done.It;
    }

    /// <summary>As soon as the database is there again: else everybody would hear for minutes that the request is still being carried out.
    /// Well before the end of those, when somebody else may begin it.</summary>
    async Task WriteLater(string sql, object values)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Dead / 2;)
        {
            await Task.Delay(Pause).ConfigureAwait(false);
            try
            {
                await database.Write(sql, values, CancellationToken.None);
                return;
            }
            catch (Exception failed) when (Database.IsAway(failed)) { }
            catch (ObjectDisposedException) { return; } // The node ends, which frees the request as well.
        }
    }
}
