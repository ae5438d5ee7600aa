using DirectoryPlatform.Accounts;
using Npgsql;

namespace DirectoryPlatform.Directory.ManagedAccounts;

/// <summary>Looks a search up among all accounts first: when few match, the list is cut down to them, and is read through otherwise, where matches are soon found.</summary>
static class AccountSearch
{
    /// <summary>A search that matches no more than this many accounts of the whole platform is answered from its matches; a more common one by walking the sorted list.</summary>
    const int FewMatches = 1_000;

    /// <summary>Trigrams need three characters; shorter searches walk the list.</summary>
    const int IndexedLength = 3;

    /// <summary>A further condition on <c>a.id</c>, to stand beside the filter's own; null when it would not help.</summary>
    public static async Task<string?> Narrow(NpgsqlDataSource database, ManagedAccountFilter filter, NpgsqlParameterCollection parameters, CancellationToken ct)
    {
        if (filter.SearchText is not { Length: >= IndexedLength } search) return null;
        await using var find = database.CreateCommand($"select account_id from accounts.v_search where text like $1 limit {FewMatches + 1}");
        find.Parameters.Add(new() { Value = ManagedAccountFilter.PatternOf(search) });
        var ids = new List<Guid>();
        await using (var rows = await find.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct)) ids.Add(rows.GetGuid(0));
        if (ids.Count > FewMatches) return null;
        parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] });
        return $"a.id = any(${parameters.Count})";
    }
}
