using System.Text.Json;

namespace DirectoryPlatform.Kernel.Facts;

/// <summary>A fact that waits in the outbox, or that part of it which one stream hears.</summary>
/// <param name="Fact">Null where only its JSON is known yet.</param>
/// <param name="Ids">Whose order it keeps; of these, those of the stream.</param>
/// <param name="Heard">Bits of the streams to which it is told with this: 0 for a fact of one, which is gone then.</param>
sealed record Waiting(long Seq, string Type, string Payload, int Attempts, Fact? Fact, IReadOnlyCollection<Guid> Ids, int Heard);

/// <summary>What one stream may deliver now, in order.</summary>
sealed record StreamBatch(int No, IReadOnlyList<Waiting> Facts);

/// <summary>
/// Reads what streams may deliver now: no fact before an earlier one of any of its ids. Facts whose pause after a failure is not over hold
/// back the later ones of their ids; a fact of many waits for all earlier facts of those of its ids that the stream has, and they for it.
/// </summary>
sealed class OutboxReader(NpgsqlConnection connection, FactTypes types)
{
    /// <summary>Facts that one stream takes at a time (own choice).</summary>
    const int Take = 200;

    sealed record Row(long Seq, Guid Stream, short? No, string Type, string? Payload, int Attempts, int Heard, bool Waits);

    /// <summary>A fact of many, read once for all streams of this node.</summary>
    /// <param name="Fact">Null where it cannot be read: that is found out, and written down, when it is delivered.</param>
    /// <param name="Nobody">Bits of the streams in which none of its ids is.</param>
    sealed record Many(string Payload, ITellsOfMany? Fact, ILookup<int, Guid> Ids, int Nobody);

    readonly Dictionary<long, Many> _many = [];

    /// <summary>For each stream the ids that a fact of many holds back, with that fact's number: their later facts are not read, or they
    /// would take all the places.</summary>
    readonly Dictionary<Guid, long>[] _blocked = [.. Enumerable.Range(0, DeliveryStreams.Count).Select(_ => new Dictionary<Guid, long>())];

    /// <returns>Of those streams in which something can be delivered.</returns>
    public async Task<IReadOnlyList<StreamBatch>> Read(IReadOnlyCollection<int> streams, DateTime now)
    {
        var batches = new List<StreamBatch>();
        // Once more where other ids are held back than was thought: their facts were left out, or took the places.
        for (var (left, tries) = (streams, 0); left.Count > 0 && tries < 3; tries++)
        {
            var rows = await Rows(left, now);
            await ReadMany([.. rows.Where(row => row.No is null)]);
            var again = new List<int>();
            foreach (var no in left)
            {
                var blocked = new Dictionary<Guid, long>();
                var facts = Deliverable(no, rows, blocked);
                if (blocked.Count != _blocked[no].Count || blocked.Except(_blocked[no]).Any()) again.Add(no);
                else if (facts.Count > 0) batches.Add(new(no, facts));
                _blocked[no] = blocked;
            }
            left = again;
        }
        return batches;
    }

    /// <summary>One statement, because all must be as of one moment.</summary>
    async Task<IReadOnlyList<Row>> Rows(IReadOnlyCollection<int> streams, DateTime now) => (await connection.QueryAsync<Row>("""
        select f.* from unnest(@streams) s(no) cross join lateral (
          select seq, stream, delivery_stream as no, type, payload::text, attempts, heard, false as waits from kernel.outbox f
          where f.delivery_stream = s.no and (f.next_at is null or f.next_at <= @now)
            and not exists (select from unnest(@blocked, @since) b(id, seq) where b.id = f.stream and b.seq < f.seq)
            and not exists (select from kernel.outbox e where e.stream = f.stream and e.seq < f.seq and e.next_at > @now)
          order by f.delivery_stream, f.seq limit @Take) f
        union all
        select seq, stream, delivery_stream, type, null, attempts, heard, coalesce(next_at > @now, false)
          from kernel.outbox where delivery_stream is null
        union all
        select seq, stream, delivery_stream, type, null, attempts, heard, true from kernel.outbox
          where next_at > @now and delivery_stream = any(@streams)
            and (select exists (select from kernel.outbox where delivery_stream is null))
        order by 1
        """, new
    {
        streams = streams.Select(no => (short)no).ToArray(),
        now,
        Take,
        blocked = streams.SelectMany(no => _blocked[no].Keys).ToArray(),
        since = streams.SelectMany(no => _blocked[no].Values).ToArray(),
    })).AsList();

    async Task ReadMany(IReadOnlyList<Row> rows)
    {
        foreach (var gone in _many.Keys.Except(rows.Select(row => row.Seq)).ToList()) _many.Remove(gone);
        var unread = rows.Where(row => !_many.ContainsKey(row.Seq)).ToDictionary(row => row.Seq);
        if (unread.Count == 0) return;
        foreach (var (seq, payload) in await connection.QueryAsync<(long Seq, string Payload)>(
            "select seq, payload::text from kernel.outbox where seq = any(@seqs)", new { seqs = unread.Keys.ToArray() }))
        {
            var fact = Known(unread[seq].Type, payload) as ITellsOfMany;
            var ids = (fact?.TellsOf is { Count: > 0 } some ? some : [unread[seq].Stream]).ToLookup(DeliveryStreams.Of);
            var nobody = Enumerable.Range(0, DeliveryStreams.Count).Where(no => !ids.Contains(no)).Sum(no => 1 << no);
            _many[seq] = new(payload, fact, ids, nobody);
        }
    }

    Fact? Known(string type, string payload)
    {
        try { return types.Read(type, payload); }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException) { return null; }
    }

    List<Waiting> Deliverable(int no, IReadOnlyList<Row> rows, Dictionary<Guid, long> blocked)
    {
        var (facts, bit) = (new List<Waiting>(), 1 << no);
        // Ids of facts that have to wait here, and ids in whose order a fact stands that not all streams have heard.
        var (held, unheard) = (new HashSet<Guid>(), new HashSet<Guid>());
        // Where the places ran out, what comes later may have an earlier fact that was not read.
        var places = rows.Where(row => row.No == no && !row.Waits).Select(row => row.Seq).ToList();
        var end = places.Count < Take ? long.MaxValue : places[^1];
        foreach (var row in rows.Where(row => row.Seq <= end))
            if (row.No == no)
            {
                if (row.Waits || held.Contains(row.Stream) || unheard.Contains(row.Stream)) held.Add(row.Stream);
                else facts.Add(new(row.Seq, row.Type, row.Payload!, row.Attempts, null, [row.Stream], 0));
            }
            else if (row.No is null && _many.TryGetValue(row.Seq, out var many))
            {
                unheard.Add(row.Stream);
                if ((row.Heard & bit) != 0 || !many.Ids.Contains(no)) continue;
                Guid[] ids = [row.Stream, .. many.Ids[no]];
                if (row.Waits || ids.Any(held.Contains))
                {
                    foreach (var id in many.Ids[no]) blocked.TryAdd(id, row.Seq);
                    held.UnionWith(ids);
                }
                else facts.Add(new(row.Seq, row.Type, many.Payload, row.Attempts, PartOf(many, no), ids, bit | many.Nobody));
            }
        return facts;
    }

    static Fact? PartOf(Many many, int no) =>
        many.Fact is { TellsOf.Count: > 0 } ? many.Fact.Only([.. many.Ids[no]]) : (Fact?)many.Fact;
}
