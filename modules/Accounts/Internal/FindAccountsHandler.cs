using DirectoryPlatform.Accounts.Internal.Storage;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Internal;

sealed class FindAccountsHandler(NpgsqlDataSource database)
    : IRequestHandler<FindAccounts, IReadOnlyList<AccountView>>, IRequestHandler<ReadAccounts, IReadOnlyList<AccountView>>
{
    public Task<IReadOnlyList<AccountView>> Handle(FindAccounts query, CancellationToken ct) =>
        Read("email", query.Emails.Select(e => e.Value).ToArray(), ct);

    public Task<IReadOnlyList<AccountView>> Handle(ReadAccounts query, CancellationToken ct) =>
        Read("id", query.Accounts.Select(a => a.Value).ToArray(), ct);

    async Task<IReadOnlyList<AccountView>> Read(string by, object values, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select {AccountStore.Columns} from accounts.account where {by} = any($1)");
        command.Parameters.Add(new() { Value = values });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var found = new List<AccountView>();
        while (await rows.ReadAsync(ct)) found.Add(AccountReading.View(AccountStore.ReadRow(rows)));
        return found;
    }
}
