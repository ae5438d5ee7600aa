using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Keeps a job on some accounts from ending, as a database under load would: locked rows, and who lets go of them when.</summary>
sealed class Held : IAsyncDisposable
{
    readonly Queue<NpgsqlConnection> _locks = [];

    /// <summary>All accounts of a domain, until disposal.</summary>
    public static async Task<Held> All(string database, string domain)
    {
        var held = new Held();
        await held.Lock(database, $"select id from accounts.account where domain = '{domain}'");
        return held;
    }

    /// <summary>A few of the domain's accounts, evenly spread: the job stands still at each until <see cref="LetGo"/>.</summary>
    public static async Task<Held> Some(string database, string domain, int places, int people)
    {
        var held = new Held();
        foreach (var at in Enumerable.Range(0, places).Select(place => people * (2 * place + 1) / (2 * places)))
        {
            // Found first and locked then: a lock on what an offset passes over would be one on half of them.
            var one = $"select id from accounts.account where domain = '{domain}' order by id offset {at} limit 1";
            await held.Lock(database, $"select id from accounts.account where id = ({one})");
        }
        return held;
    }

    /// <summary>Of the first that is still held.</summary>
    public async Task LetGo()
    {
        if (_locks.TryDequeue(out var first)) await first.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        while (_locks.Count > 0) await LetGo();
    }

    async Task Lock(string database, string accounts)
    {
        var connection = new NpgsqlConnection(database);
        _locks.Enqueue(connection);
        await connection.OpenAsync();
        await using var hold = new NpgsqlCommand($"begin; {accounts} for update", connection);
        await hold.ExecuteNonQueryAsync();
    }
}
