namespace DirectoryPlatform.Kernel.Names;

/// <summary>Rows that carry keys of <see cref="SearchKey"/>, for <see cref="RenewKeys"/>.</summary>
public abstract class KeptKeys
{
    /// <summary>Of the table; what was renewed is remembered by it.</summary>
    public abstract string Table { get; }

    /// <summary>In the open transaction, in the order of the ids.</summary>
    /// <returns>The last id of those that were looked at, null when none was left; and the names that had to change.</returns>
    public abstract Task<(Guid? Last, IReadOnlyList<Renumbered> Renumbered)> Renew(NpgsqlConnection connection, Guid after, int most);
}

/// <summary>A name that was taken when it was looked at by its new key.</summary>
public sealed record Renumbered(Guid Organization, Guid Id, string Was, string Now);

/// <summary>Keys of names that others may have too.</summary>
/// <param name="read"><c>select id, name … where id > @after order by id limit @most</c>.</param>
/// <param name="write">Takes @ids, @names and @keys, and passes over a row whose name is another by now: its writer knew the key. It locks
/// rows in the order of their ids, as turns do.</param>
/// <param name="key">Of the name; <see cref="SearchKey.Of"/> where nothing is said.</param>
public sealed class SharedNameKeys(string table, string read, string write, Func<string, string>? key = null) : KeptKeys
{
    public override string Table => table;

    public override async Task<(Guid? Last, IReadOnlyList<Renumbered> Renumbered)> Renew(NpgsqlConnection connection, Guid after, int most)
    {
        var rows = (await connection.QueryAsync<(Guid Id, string Name)>(read, new { after, most })).AsList();
        if (rows.Count == 0) return (null, []);
        await connection.ExecuteAsync(write, new
        {
            ids = rows.Select(r => r.Id).ToArray(),
            names = rows.Select(r => r.Name).ToArray(),
            keys = rows.Select(r => (key ?? SearchKey.Of)(r.Name)).ToArray(),
        });
        return (rows[^1].Id, []);
    }
}

/// <summary>Keys of names that an organization has once: who comes second gets a number.</summary>
/// <param name="read"><c>select id, organization_id, name, name_key … where id > @after order by id limit @most</c>.</param>
/// <param name="write">Sets @name and @key of @id where the name is @was still and no other row of @organization has @key.</param>
public sealed class UniqueNameKeys(string table, string read, string write) : KeptKeys
{
    /// <summary>More than this many of one name in an organization are not looked for (own choice).</summary>
    const int MostOfOneName = 1_000;

    public override string Table => table;

    public override async Task<(Guid? Last, IReadOnlyList<Renumbered> Renumbered)> Renew(NpgsqlConnection connection, Guid after, int most)
    {
        var rows = (await connection.QueryAsync<(Guid Id, Guid Organization, string Name, string Key)>(read, new { after, most })).AsList();
        var renumbered = new List<Renumbered>();
        foreach (var (id, organization, was, old) in rows.Where(r => r.Key != SearchKey.Unique(r.Name)))
            for (var number = 1; ; number++)
            {
                var name = number == 1 ? was : $"{was} ({number})";
                var values = new { id, organization, was, name, key = SearchKey.Unique(name) };
                // A name that was changed meanwhile has its key; the next number would never be free either.
                if (await connection.ExecuteAsync(write, values) == 0 && number < MostOfOneName) continue;
                if (number > 1 && number < MostOfOneName) renumbered.Add(new(organization, id, was, name));
                break;
            }
        return (rows.Count == 0 ? null : rows[^1].Id, renumbered);
    }
}
