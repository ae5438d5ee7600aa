using Dapper;
using DirectoryPlatform.Accounts;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.Users;

sealed class ReadAppAccessHandler(NpgsqlDataSource database) : IRequestHandler<ReadAppAccess, AppAccess>
{
    public async Task<AppAccess> Handle(ReadAppAccess query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var all = await connection.QueryMultipleAsync(AppAccessSql.Text,
            new { account = query.Account.Value, organization = query.Organization.Value, site = (Guid?)null });
        return await AppAccessSql.Read(all);
    }
}

/// <summary>For <c>@account</c> and <c>@organization</c>, and a <c>@site</c> or null, in a text with others.</summary>
static class AppAccessSql
{
    public const string Text = $"""
        {UserSitesSql.Text};
        select exists (select from sites.v_member m join sites.v_site s on s.id = m.site_id where m.account_id = @account
          and s.organization_id <> @organization)
        """;

    public static async Task<AppAccess> Read(SqlMapper.GridReader all) =>
        new(await UserSitesSql.Read(all), await all.ReadSingleAsync<bool>());
}
