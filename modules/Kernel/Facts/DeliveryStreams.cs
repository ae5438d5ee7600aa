using System.Diagnostics;

namespace DirectoryPlatform.Kernel.Facts;

/// <summary>A stream that this node delivers for now.</summary>
sealed class StreamLease(int no, long token, long until)
{
    long _until = until;

    public int No => no;

    /// <summary>Grows with every holder; see the migration.</summary>
    public long Token => token;

    /// <summary>By this node's own clock, counted from before the database was asked: a node that was frozen finds out before it does
    /// anything.</summary>
    public bool IsMine => Stopwatch.GetTimestamp() < Volatile.Read(ref _until);

    public void Renew(long next) => Volatile.Write(ref _until, next);
    public void Lose() => Volatile.Write(ref _until, 0);
}

/// <summary>
/// Which of the eight streams this node delivers: rows with an end by the database's clock, renewed while there is work. Nodes that have
/// work stand in a table, and none takes more than its share of the streams.
/// </summary>
sealed class DeliveryStreams(NpgsqlConnection connection, Guid node, TimeSpan life)
{
    /// <summary>As many keep a node's cores busy while the database is waited for (own choice). The migration says it, too.</summary>
    public const int Count = 8;

    public const int AllBits = (1 << Count) - 1;

    readonly Dictionary<int, StreamLease> _held = [];
    long _renewed, _tried;
    int _share = Count;

    /// <summary>By the last byte, as the outbox's column: the ids' random part.</summary>
    public static int Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return bytes[15] & (Count - 1);
    }

    public IReadOnlyCollection<StreamLease> Held => _held.Values;

    /// <summary>When to come back at the latest to keep what is held.</summary>
    public TimeSpan RenewEvery => life / 3;

    /// <summary>Those that are held beyond the share, to be given back once nobody works on them.</summary>
    public IReadOnlyList<int> Surplus => _held.Count <= _share ? [] : [.. _held.Keys.Order().Skip(_share)];

    /// <summary>Renews what is held, when it is time to.</summary>
    public async Task Keep()
    {
        if (_held.Count == 0 || Stopwatch.GetElapsedTime(_renewed) < RenewEvery) return;
        var (until, kept) = (Until(), new HashSet<int>());
        foreach (var (no, token) in await connection.QueryAsync<(short No, long Token)>(
            "update kernel.delivery_stream set until = clock_timestamp() + @life where holder = @node returning no, token",
            new { node, life }))
            if (_held.TryGetValue(no, out var lease) && lease.Token == token)
            {
                lease.Renew(until);
                kept.Add(no);
            }
        foreach (var lost in _held.Values.Where(lease => !kept.Contains(lease.No)).ToList()) Lose(lost);
        _renewed = Stopwatch.GetTimestamp();
        await ShareOut();
    }

    /// <summary>Takes free streams up to this node's share, when facts wait in any that it does not hold.</summary>
    /// <param name="again">How long to leave it where too few were free.</param>
    public async Task Take(DateTime now, TimeSpan again)
    {
        if (_held.Count >= _share || Stopwatch.GetElapsedTime(_tried) < again || !await IsAnyWaiting(now)) return;
        await ShareOut();
        await Take(_share - _held.Count, evenHeld: false);
        if (_held.Count < _share) _tried = Stopwatch.GetTimestamp();
    }

    /// <summary>All of them, whoever holds them, by whoever has made sure that no node works.</summary>
    public Task TakeAll() => Take(Count, evenHeld: true);

    async Task Take(int most, bool evenHeld)
    {
        var until = Until();
        var taken = (await connection.QueryAsync<(short No, long Token)>("""
            insert into kernel.delivery_stream as s (no, holder, token, until)
            select no, @node, 1, clock_timestamp() + @life from generate_series(0, @count - 1) n(no) where not (no = any(@held))
              and (@evenHeld or not exists (select from kernel.delivery_stream o where o.no = n.no and o.until > clock_timestamp()))
              order by no limit @most
            on conflict (no) do update set holder = excluded.holder, token = s.token + 1, until = excluded.until
              where @evenHeld or s.until <= clock_timestamp()
            returning no, token
            """, new { node, life, count = Count, held = _held.Keys.ToArray(), evenHeld, most })).AsList();
        if (_held.Count == 0) _renewed = Stopwatch.GetTimestamp();
        foreach (var (no, token) in taken) _held[no] = new(no, token, until);
    }

    /// <summary>Says that this node has work, and learns how many have.</summary>
    async Task ShareOut()
    {
        var others = await connection.ExecuteScalarAsync<int>("""
            with gone as (delete from kernel.delivery_node where until < clock_timestamp() - interval '1 minute'),
              here as (insert into kernel.delivery_node as n (id, until) values (@node, clock_timestamp() + @life)
                on conflict (id) do update set until = excluded.until)
            select count(*) from kernel.delivery_node where id <> @node and until > clock_timestamp()
            """, new { node, life });
        _share = (Count + others) / (others + 1);
    }

    Task<bool> IsAnyWaiting(DateTime now) => connection.ExecuteScalarAsync<bool>("""
        select exists (select from kernel.outbox f where (f.next_at is null or f.next_at <= @now)
          and (f.delivery_stream is null or not (f.delivery_stream = any(@held)))
          and not exists (select from kernel.outbox e where e.stream = f.stream and e.seq < f.seq and e.next_at > @now))
        """, new { now, held = _held.Keys.Select(no => (short)no).ToArray() });

    /// <summary>Others may have them at once.</summary>
    public async Task GiveBack(IReadOnlyList<int> some)
    {
        if (some.Count == 0) return;
        foreach (var no in some)
            if (_held.Remove(no, out var lease)) lease.Lose();
        await connection.ExecuteAsync(
            "update kernel.delivery_stream set holder = null, until = '-infinity' where holder = @node and no = any(@some)",
            new { node, some = some.Select(no => (short)no).ToArray() });
    }

    /// <summary>Gives back all, and says that this node has no work any more.</summary>
    public async Task Rest()
    {
        await GiveBack([.. _held.Keys]);
        await connection.ExecuteAsync("delete from kernel.delivery_node where id = @node", new { node });
    }

    /// <summary>A worker that is still at it finds out before its next step.</summary>
    void Lose(StreamLease lease)
    {
        lease.Lose();
        _held.Remove(lease.No);
    }

    long Until() => Stopwatch.GetTimestamp() + (long)(life.TotalSeconds * Stopwatch.Frequency);
}
