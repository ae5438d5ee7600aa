namespace DirectoryPlatform.Domains;

/// <summary>
/// What each room does when an organization is deleted (SPEC U1). The statements run in the transaction that deletes it: either all of it
/// is gone, or nothing yet. What the organization did stays in the audit log.
/// </summary>
public interface IDeleteOrganizationData
{
    IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization);
}

/// <summary>The usual statement: a table's rows of one organization.</summary>
public static class RowsOfOrganization
{
    /// <param name="table">With its column organization_id.</param>
    public static NpgsqlBatchCommand Delete(string table, OrganizationId organization) =>
        Statement.Of($"delete from {table} where organization_id = $1", organization.Value);
}
