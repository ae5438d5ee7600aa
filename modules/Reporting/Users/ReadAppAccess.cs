using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting.Users;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting;

/// <summary>The App access table of a managed account (SPEC M2): every site and app of this organization,
/// and of others only whether there is any.</summary>
public sealed record ReadAppAccess(OrganizationId Organization, AccountId Account) : IRequest<AppAccess>;

/// <param name="Here">This organization's sites that the person is on.</param>
/// <param name="Elsewhere">Whether the person is on a site of another organization; which one is that organization's business.</param>
public sealed record AppAccess(IReadOnlyList<UserSite> Here, bool Elsewhere);

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
