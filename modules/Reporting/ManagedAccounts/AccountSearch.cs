using System.Collections.Concurrent;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Names;
using Npgsql;

namespace DirectoryPlatform.Reporting.ManagedAccounts;

/// <summary>Looks a search up among all accounts first: when few match, the list is cut down to them, and is read through otherwise, where
/// matches are soon found.</summary>
sealed class AccountSearch(NpgsqlDataSource database, TimeProvider clock) : ICache
{
    /// <summary>A search that matches no more than this many accounts of the whole platform is answered from its matches; a more common one
    /// by walking the sorted list.</summary>
    const int FewMatches = 1_000;

    /// <summary>Trigrams need three characters; shorter searches walk the list.</summary>
    const int IndexedLength = 3;

    /// <summary>For how long a search that was found to be common is walked without a look: somebody who leafs through its pages asks once.
    /// Out of date it costs time, never a row (own choice).</summary>
    static readonly TimeSpan StaysCommon = TimeSpan.FromMinutes(5);

    /// <summary>Searches remembered at a time; all are forgotten when there are more.</summary>
    const int MostRemembered = 1_000;

    readonly ConcurrentDictionary<string, long> _common = new();

    public void Forget() => _common.Clear();

    /// <summary>A further condition on <c>a.id</c>, to stand beside the filter's own; null when it would not help.</summary>
    public async Task<string?> Narrow(ManagedAccountFilter filter, NpgsqlParameterCollection parameters, CancellationToken ct)
    {
        if (filter.SearchText is not { Length: >= IndexedLength } search) return null;
        if (_common.TryGetValue(search, out var since) && clock.GetElapsedTime(since) < StaysCommon) return null;
        await using var find = database.CreateCommand(
            $"select array_agg(account_id) from (select account_id from accounts.v_search where text like $1 "
            + $"limit {FewMatches + 1}) found");
        find.Parameters.Add(new() { Value = SearchKey.Pattern(search) });
        var ids = await find.ExecuteScalarAsync(ct) as Guid[] ?? [];
        if (ids.Length > FewMatches)
        {
            if (_common.Count >= MostRemembered) _common.Clear();
            _common[search] = clock.GetTimestamp();
            return null;
        }
        parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        return $"a.id = any(${parameters.Count})";
    }
}
