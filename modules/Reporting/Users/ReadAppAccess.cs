using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting;

/// <summary>The App access table of a managed account (SPEC M2): every site and app of this organization,
/// and of others only whether there is any.</summary>
public sealed record ReadAppAccess(OrganizationId Organization, AccountId Account) : IRequest<AppAccess>;

/// <param name="Here">This organization's sites that the person is on.</param>
/// <param name="Elsewhere">Whether the person is on a site of another organization; which one is that organization's business.</param>
public sealed record AppAccess(IReadOnlyList<UserSite> Here, bool Elsewhere);

sealed class ReadAppAccessHandler(NpgsqlDataSource database, IMediator mediator) : IRequestHandler<ReadAppAccess, AppAccess>
{
    public async Task<AppAccess> Handle(ReadAppAccess query, CancellationToken ct)
    {
        var here = await mediator.Send(new ReadUser(new(query.Organization), query.Account), ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        return new(here.Granted ? here.Value.Sites : [], await connection.ExecuteScalarAsync<bool>("""
            select exists (select from sites.v_member m join sites.v_site s on s.id = m.site_id where m.account_id = @account
              and s.organization_id <> @organization)
            """, new { account = query.Account.Value, organization = query.Organization.Value }));
    }
}
