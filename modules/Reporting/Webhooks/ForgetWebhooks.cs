using DirectoryPlatform.Domains;
using Npgsql;

namespace DirectoryPlatform.Reporting.Webhooks;

/// <summary>Where the log was sent, with the list of what arrived, and files that nobody may take away any more.</summary>
sealed class ForgetWebhooks : IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
        [RowsOfOrganization.Delete("directory.webhook", organization), RowsOfOrganization.Delete("directory.export", organization)];
}
