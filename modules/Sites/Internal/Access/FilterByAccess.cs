namespace DirectoryPlatform.Sites.Internal.Access;

/// <summary>Which managed accounts are meant, by what they open here (SPEC M1): an app, or whether they are on any site at all.</summary>
sealed class FilterByAccess : IFilterAccounts
{
    public Task<string?> Condition(OrganizationId organization, ManagedAccountFilter filter, Func<object, string> value,
        CancellationToken ct)
    {
        var conditions = new List<string>();
        if (filter.OnSite is { } there)
            conditions.Add(
                $"{(there ? "" : "not ")}exists (select from sites.site_member m join sites.site s on s.id = m.site_id where m.account_id "
                + $"= a.id and s.organization_id = {value(organization.Value)})");
        if (filter.App is not null)
        {
            var (app, here) = (value(filter.App), value(organization.Value));
            conditions.Add(
                $"exists (select from sites.v_open_app o join sites.site s on s.id = o.site_id where o.account_id = a.id "
                + $"and o.app_id = {app} and s.organization_id = {here})");
        }
        return Task.FromResult(conditions.Count == 0 ? null : string.Join(" and ", conditions));
    }
}
