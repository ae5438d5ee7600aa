using Dapper;
using Npgsql;

namespace DirectoryPlatform.Domains.Internal.Demo;

/// <summary>Answers names under <c>.example</c> from the demo's zone
/// (RFC 2606 keeps them out of the real DNS) and passes all others on to the network.</summary>
sealed class DemoLookup(NpgsqlDataSource database, ITxtLookup network, TimeProvider clock) : ITxtLookup
{
    const int LongestChain = 8;

    public async Task<IReadOnlyList<TxtAnswer>> Look(string name, CancellationToken ct)
    {
        if (!name.EndsWith(".example", StringComparison.Ordinal)) return await network.Look(name, ct);
        var began = clock.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(ct);
        var chain = new List<string>();
        for (var at = name; ;)
        {
            var records = (await connection.QueryAsync<(string Type, string Value)>(
                "select type, value from domains.demo_record where name = @at order by id", new { at })).AsList();
            if (records.Find(r => r.Type == "CNAME").Value is { } alias && chain.Count < LongestChain)
            {
                chain.Add(at = alias.TrimEnd('.').ToLowerInvariant());
                if (at.EndsWith(".example", StringComparison.Ordinal)) continue;
            }
            var texts = records.Where(r => r.Type == "TXT").Select(r => r.Value).ToArray();
            return [new("demo zone", texts.Length > 0 ? TxtOutcome.Records : TxtOutcome.NoRecords, texts, chain,
                clock.GetElapsedTime(began))];
        }
    }
}
