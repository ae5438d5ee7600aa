using Dapper;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Internal.Lifecycle;

sealed class OrganizationPeopleHandlers(NpgsqlDataSource database)
    : IRequestHandler<WhoAdministers, IReadOnlyList<AccountId>>, IRequestHandler<ManagesAnybody, bool>
{
    public async Task<IReadOnlyList<AccountId>> Handle(WhoAdministers query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return [.. (await connection.QueryAsync<Guid>("select id from accounts.account where admin_of @> array[@id]",
            new { id = query.Organization.Value })).Select(id => new AccountId(id))];
    }

    public async Task<bool> Handle(ManagesAnybody query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>("select exists (select from accounts.account where managed_by = @id)",
            new { id = query.Organization.Value });
    }
}
