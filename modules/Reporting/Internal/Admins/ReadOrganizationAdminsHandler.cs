using Dapper;
using DirectoryPlatform.Accounts;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.Admins;

sealed class ReadOrganizationAdminsHandler(NpgsqlDataSource database)
    : IRequestHandler<ReadOrganizationAdmins, IReadOnlyList<OrganizationAdminView>>
{
    public async Task<IReadOnlyList<OrganizationAdminView>> Handle(ReadOrganizationAdmins query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = (
            await connection.QueryAsync<(Guid Id, string Name, string? Email, short State, Guid? ManagedBy, DateTime? Since,
                string? By)>("""
            select a.id, a.name, a.email, a.state, a.managed_by, e.at, w.name
            from accounts.v_account a
              left join lateral (
                select at, actor_id from kernel.v_audit_entry where subject_id = a.id and action = 'OrganizationAdminAppointed'
                  and fact->>'organization' = @organization::text order by at desc limit 1) e on true
              left join accounts.v_account w on w.id = e.actor_id
            where a.admin_of @> array[@organization] order by a.name_key, a.id
            """, new { organization = query.Organization.Value })).AsList();
        var canAct = rows.Count(r => (AccountState)r.State is AccountState.Active);
        return [.. rows.Select(r => new OrganizationAdminView(
            new(r.Id), r.Name, r.Email ?? "", (AccountState)r.State, r.Since, r.By, r.ManagedBy == query.Organization.Value, canAct == 1
                && (AccountState)r.State is AccountState.Active))];
    }
}
