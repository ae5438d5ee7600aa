using Dapper;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.Users;

sealed class ReadSiteAdminsHandler(NpgsqlDataSource database) : IRequestHandler<ReadSiteAdmins, IReadOnlyList<SiteAdminView>>
{
    public async Task<IReadOnlyList<SiteAdminView>> Handle(ReadSiteAdmins query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return [.. (await connection.QueryAsync<(Guid Id, string Name, string? Email, string App, string? AppName, DateTime Since)>("""
            select a.id, a.name, a.email, x.app_id, p.name, x.appointed_at from sites.v_admin x
              join accounts.v_account a on a.id = x.account_id left join sites.v_app p on p.id = x.app_id
            where x.site_id = @site order by p.name nulls first, a.name_key, a.id
            """, new { site = query.Site.Value }))
                .Select(r => new SiteAdminView(new(r.Id), r.Name, r.Email ?? "", r.App.Length == 0 ? null : r.App, r.AppName, r.Since))];
    }
}
