using System.Collections.Concurrent;

namespace DirectoryPlatform.Kernel.Lists;

/// <summary>Looks a search up among all rows of the platform first: when few match, a list is cut down to them, and is read through
/// otherwise, where matches are soon found.</summary>
public sealed class RareSearch(NpgsqlDataSource database, TimeProvider clock) : ICache
{
    /// <summary>A search that matches no more than this many rows of the whole platform is answered from its matches; a more common one by
    /// walking the sorted list.</summary>
    const int FewMatches = 1_000;

    /// <summary>Trigrams need three characters; shorter searches walk the list.</summary>
    const int IndexedLength = 3;

    /// <summary>For how long a search that was found to be common is walked without a look: somebody who leafs through its pages asks once.
    /// Out of date it costs time, never a row (own choice).</summary>
    static readonly TimeSpan StaysCommon = TimeSpan.FromMinutes(5);

    /// <summary>Searches remembered at a time; all are forgotten when there are more.</summary>
    const int MostRemembered = 1_000;

    readonly ConcurrentDictionary<(string Find, string Search), long> _common = new();

    public void Forget() => _common.Clear();

    /// <summary>A further condition on <c>a.id</c>, to stand beside the filter's own; null when it would not help.</summary>
    /// <param name="find">Ids of all that match the pattern <c>$1</c>, by an index; an id may come several times.</param>
    /// <param name="search">Null for none.</param>
    /// <param name="pattern">Of the search, for <c>like</c>.</param>
    public async Task<string?> Narrow(string find, string? search, Func<string, string> pattern, NpgsqlParameterCollection parameters,
        CancellationToken ct)
    {
        if (search is not { Length: >= IndexedLength }) return null;
        if (_common.TryGetValue((find, search), out var since) && clock.GetElapsedTime(since) < StaysCommon) return null;
        await using var command = database.CreateCommand($"{find} limit {FewMatches + 1}");
        command.Parameters.Add(new() { Value = pattern(search) });
        var found = new List<Guid>();
        await using (var rows = await command.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct)) found.Add(rows.GetGuid(0));
        if (found.Count > FewMatches)
        {
            if (_common.Count >= MostRemembered) _common.Clear();
            _common[(find, search)] = clock.GetTimestamp();
            return null;
        }
        parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. found.Distinct()] });
        return $"a.id = any(${parameters.Count})";
    }
}
