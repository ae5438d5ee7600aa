using Dapper;
using DirectoryPlatform.Accounts;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.Users;

sealed class IsUserHandler(NpgsqlDataSource database) : IRequestHandler<IsUser, bool>
{
    public async Task<bool> Handle(IsUser query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection
            .ExecuteScalarAsync<bool>(
                "select exists (select from sites.v_listed where scope_id = @scope and id = @account and account_id is not null "
                + "and organization_id = @organization)",
            new { scope = query.Scope.Id, account = query.Account.Value, organization = query.Scope.Organization.Value });
    }
}
