using DirectoryPlatform.Domains;
using Npgsql;

namespace DirectoryPlatform.Webhooks.Internal;

/// <summary>Where the log was sent, with the list of what arrived.</summary>
sealed class ForgetWebhooks : IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
        [RowsOfOrganization.Delete("directory.webhook", organization)];
}
