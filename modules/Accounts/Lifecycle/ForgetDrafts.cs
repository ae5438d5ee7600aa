using DirectoryPlatform.Domains;
using Npgsql;

namespace DirectoryPlatform.Accounts.Lifecycle;

/// <summary>What an organization had begun and not confirmed.</summary>
sealed class ForgetDrafts : IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
        [
            RowsOfOrganization.Delete("accounts.claim_draft", organization), RowsOfOrganization.Delete("accounts.bulk_draft", organization),
            RowsOfOrganization.Delete("accounts.newcomers_listed", organization),
        ];
}
