using DirectoryPlatform.Domains;
using Npgsql;

namespace DirectoryPlatform.Accounts.Internal.Lifecycle;

/// <summary>What an organization had begun and not confirmed.</summary>
sealed class ForgetDrafts : IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
        [
            BulkDrafts.Forget(organization), RowsOfOrganization.Delete("accounts.newcomers_listed", organization),
        ];
}
