namespace DirectoryPlatform.Kernel.Facts;

/// <summary>Puts facts beside the change that they tell of, in the same transaction;
/// <see cref="OutboxDelivery"/> takes them from there.</summary>
public static class Outbox
{
    /// <param name="facts">With the id whose order they keep; the order of the list is the order of delivery per id.</param>
    public static NpgsqlBatchCommand Insert(IReadOnlyList<(Guid Stream, Fact Fact)> facts, DateTimeOffset now) => new("""
        insert into kernel.outbox (stream, type, payload, at)
        select stream, type, payload::jsonb, $4 from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as f(stream, type, payload,
          n) order by n
        """)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid[]> { TypedValue = [.. facts.Select(f => f.Stream)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. facts.Select(f => f.Fact.StoredAs)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. facts.Select(f => FactTypes.Write(f.Fact))] },
            new() { Value = now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        },
    };

    /// <summary>Facts about these ids that still wait for a listener: nobody is told any more.</summary>
    public static NpgsqlBatchCommand Forget(Guid[] streams) =>
        new("delete from kernel.outbox where stream = any($1)") { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = streams } } };
}

/// <summary>Wakes a background loop of this node early; the loops also wake by themselves,
/// so a lost signal costs time and nothing else.</summary>
public sealed class Wake
{
    readonly SemaphoreSlim _signal = new(0, 1);

    public void Now()
    {
        if (_signal.CurrentCount == 0)
            try { _signal.Release(); }
            catch (SemaphoreFullException) { }
    }

    /// <returns>Whether it was woken; false when the time was up.</returns>
    public Task<bool> Wait(TimeSpan atMost, CancellationToken ct) => _signal.WaitAsync(atMost, ct);
}
