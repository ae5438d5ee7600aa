namespace DirectoryPlatform.Reporting.Internal.Audit;

/// <summary>Entries with the names of all that they speak of, in one round trip; of jobs their titles alone.</summary>
static class AuditEvents
{
    /// <param name="reader">Who reads it without being an admin: is told what sites are called that this person is on or administers.
    /// </param>
    public static async Task<IReadOnlyList<AuditEvent>> Of(NpgsqlDataSource database, OrganizationId organization,
        IReadOnlyList<AuditLine> lines, AccountId? reader = null)
    {
        if (lines.Count == 0) return [];
        await using var connection = await database.OpenConnectionAsync();
        await using var all = await connection.QueryMultipleAsync($"""
            {AuditLines.NamesText};
            select a.id, case when a.state = {(int)AccountState.Deleted} then 0 when a.managed_by = @organization then 1
              when exists (select from sites.v_member m join sites.v_site s on s.id = m.site_id
                where m.account_id = a.id and s.organization_id = @organization) then 2 else 0 end
              from accounts.v_account a where a.id = any(@people);
            select s.id::text, case when @reader::uuid is null
                or exists (select from sites.v_member m where m.site_id = s.id and m.account_id = @reader)
                or exists (select from sites.v_admin d where d.site_id = s.id and d.account_id = @reader)
                or exists (select from accounts.v_account w where w.id = @reader and s.organization_id = any(w.admin_of))
              then s.name else 'a site' end
              from sites.v_site s where s.id = any(@sites) and s.organization_id = @organization;
            select id, name from sites.v_app where id = any(@apps);
            with there as ({AuditLines.NamesText})
              select subject_id::text, case when @reader::uuid is null then max(before->>'name') else 'a deleted site' end
              from kernel.v_audit_entry
              where subject_id = any(array(select g from unnest(@gone) g where g <> @organization
                and not exists (select from there where there.id = g)))
                and organization_id = @organization and before->>'name' is not null group by subject_id
            """, Values(organization, lines, reader));
        var named = AuditLines.Named(organization, lines, await all.ReadAsync<(Guid, int, string)>());
        var people = (await all.ReadAsync<(Guid Id, int Place)>()).ToDictionary(p => p.Id, p => (PersonPlace)p.Place);
        var sites = (await all.ReadAsync<(string Id, string Name)>()).AsList();
        var apps = await all.ReadAsync<(string Id, string Name)>();
        var gone = await all.ReadAsync<(string Id, string Name)>();
        var names = gone.Concat(apps).Concat(sites).GroupBy(n => n.Id).ToDictionary(g => g.Key, g => g.Last().Name);
        var there = sites.Select(s => s.Id).ToHashSet();
        return [.. named.Select(l => new AuditEvent(l, names, people, null) { Sites = there })];
    }

    static object Values(OrganizationId organization, IReadOnlyList<AuditLine> lines, AccountId? reader)
    {
        var sites = Said(lines, "site").Select(v => Guid.TryParse(v, out var id) ? id : Guid.Empty).ToArray();
        return new
        {
            organization = organization.Value,
            reader = reader?.Value,
            ids = AuditLines.Ids(lines),
            people = lines.Select(l => l.Subject).Concat(lines.Select(l => l.Actor).OfType<Guid>()).Distinct().ToArray(),
            sites,
            apps = Said(lines, "app").ToArray(),
            gone = sites.Concat(lines.Select(l => l.Subject)).Distinct().ToArray(),
        };
    }

    static IEnumerable<string> Said(IEnumerable<AuditLine> lines, string field) =>
        lines.SelectMany(l => l.History.Changes).Where(c => c.Field == field).SelectMany(c => new[] { c.Before, c.After })
            .OfType<string>().Distinct();
}
