using DirectoryPlatform.Domains;
using Npgsql;

namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>Policies before the provider that they may demand; members, rules and kept answers go with theirs.</summary>
sealed class ForgetRules : IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
    [
        RowsOfOrganization.Delete("security.policy", organization), RowsOfOrganization.Delete("security.identity_provider", organization),
        RowsOfOrganization.Delete("security.provider_answer", organization), RowsOfOrganization.Delete("security.api_key", organization),
    ];
}
