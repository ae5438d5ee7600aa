namespace DirectoryPlatform.Reporting.Internal.Admins;

sealed class AdminReading(NpgsqlDataSource database, IMediator mediator) :
    IRequestHandler<ReadOrganizationAdmins, IReadOnlyList<OrganizationAdminView>>,
    IRequestHandler<ReadSiteAdmins, IReadOnlyList<SiteAdminView>>
{
    public async Task<IReadOnlyList<OrganizationAdminView>> Handle(ReadOrganizationAdmins query, CancellationToken ct)
    {
        var rows = await database.Rows<(Guid Id, string Name, string? Email, short State, Guid? ManagedBy, DateTime? Since, string? By,
            bool TwoStep, Guid? Picture)>("""
            select a.id, a.name, a.email, a.state, a.managed_by, e.at, w.name,
              exists (select from security.v_two_step t where t.account_id = a.id),
              (select picture from accounts.v_profile p where p.account_id = a.id and a.managed_by = @organization)
            from accounts.v_account a
              left join lateral (
                select at, actor_id from kernel.v_audit_entry where subject_id = a.id and action = 'OrganizationAdminAppointed'
                  and fact->>'organization' = @organization::text order by at desc limit 1) e on true
              left join accounts.v_account w on w.id = e.actor_id
            where a.admin_of @> array[@organization] order by a.name_key, a.id
            """, new { organization = query.Organization.Value }, ct);
        var atProvider = await AtProvider(query.Organization, ct);
        var canAct = rows.Count(r => (AccountState)r.State is AccountState.Active);
        return [.. rows.Select(r => new OrganizationAdminView(
            new(r.Id), r.Name, r.Email ?? "", (AccountState)r.State, r.Since, r.By, r.ManagedBy == query.Organization.Value, canAct == 1
                && (AccountState)r.State is AccountState.Active, r.TwoStep, r.Picture)
        {
            AtProvider = atProvider.Contains(r.Id),
            ManagedElsewhere = r.ManagedBy is { } manager && manager != query.Organization.Value,
        })];
    }

    /// <summary>Admins whom a policy leads to the identity provider; where none does, nothing is asked.</summary>
    async Task<HashSet<Guid>> AtProvider(OrganizationId organization, CancellationToken ct)
    {
        var assignment = await mediator.Send(new ReadPolicyAssignment(organization), ct);
        if (!assignment.Policies.Any(p => p.Settings.SingleSignOn)) return [];
        await using var command = database.CreateCommand();
        string Value(object value) => command.Parameters.Place(value);
        command.CommandText = $"""
            select a.id from accounts.v_listed a where a.managed_by = {Value(organization.Value)}
              and a.id in (select id from accounts.v_account where admin_of @> array[{Value(organization.Value)}])
              and {assignment.Has(SecureLogin.SingleSignOn, Value)}
            """;
        var found = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add(reader.GetGuid(0));
        return found;
    }

    public async Task<IReadOnlyList<SiteAdminView>> Handle(ReadSiteAdmins query, CancellationToken ct) =>
        [.. (await database.Rows<(Guid Id, string Name, string? Email, string App, string? AppName, DateTime Since)>("""
            select a.id, a.name, a.email, x.app_id, p.name, x.appointed_at from sites.v_admin x
              join accounts.v_account a on a.id = x.account_id left join sites.v_app p on p.id = x.app_id
            where x.site_id = @site order by p.name nulls first, a.name_key, a.id
            """, new { site = query.Site.Value }, ct))
            .Select(r => new SiteAdminView(new(r.Id), r.Name, r.Email ?? "", r.App.Length == 0 ? null : r.App, r.AppName, r.Since))];
}
