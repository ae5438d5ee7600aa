namespace DirectoryPlatform.Kernel.Audit.Sealing;

/// <summary>Part of an organization's chain: from an entry of one seal to before an entry of the same or a later one.</summary>
public readonly record struct SealedStretch(long No, int Position, long UptoNo, int UptoPosition)
{
    /// <summary>What comes next after a place in the chain; null when nothing does.</summary>
    /// <param name="most">Entries.</param>
    public static async Task<SealedStretch?> After(NpgsqlConnection connection, Guid organization, long no, int position, int most)
    {
        var seals = await connection.QueryAsync<(long No, int Entries)>(
            "select no, cardinality(ids) from kernel.audit_seal where organization_id = @organization and no >= @no order by no limit "
            + "@most + 1", new { organization, no, most });
        var (left, upto) = (most, (No: no, Position: position));
        foreach (var seal in seals)
        {
            if (left == 0) break;
            var from = seal.No == no ? position : 0;
            var taken = Math.Min(left, seal.Entries - from);
            if (taken <= 0) continue;
            (left, upto) = (left - taken, (seal.No, from + taken));
        }
        return left == most ? null : new(no, position, upto.No, upto.Position);
    }

    /// <summary>The first seal that can hold entries of that time or later: nothing is sealed before it is written.</summary>
    /// <remarks>One statement: a seal that is made between two would be neither the first nor come after it.</remarks>
    public static Task<long> First(NpgsqlConnection connection, Guid organization, DateTimeOffset? from) =>
        connection.ExecuteScalarAsync<long>("""
            select coalesce(
              (select min(no) from kernel.audit_seal where organization_id = @organization
                and (@from::timestamptz is null or sealed_at >= @from)),
              (select coalesce(max(no), 0) + 1 from kernel.audit_seal where organization_id = @organization))
            """, new { organization, from = from?.UtcDateTime });

    /// <summary>"12-3": behind the third entry of the twelfth seal. Null for anything else.</summary>
    public static (long No, int Position)? Place(string? text) =>
        text?.Split('-') is [var no, var position] && long.TryParse(no, NumberStyles.None, CultureInfo.InvariantCulture, out var seal)
            && int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var entry) ? (seal, entry) : null;

    /// <summary>SQL of its entries in their order (s.no, x.n), by id (x.id), for parameters of these names.</summary>
    public static string Entries(string organization, string no, string position, string uptoNo, string uptoPosition) => $"""
        (select no,
           ids[(case when no = {no} then {position} else 0 end) + 1
             : case when no = {uptoNo} then {uptoPosition} else cardinality(ids) end] as ids
         from kernel.audit_seal where organization_id = {organization} and no between {no} and {uptoNo}) s
        cross join lateral unnest(s.ids) with ordinality as x(id, n)
        """;
}
