namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>What a directory's provider called people whom it no longer owns (SPEC A16), by account:
/// an address alone does not say who somebody is.</summary>
static class FormerIdentities
{
    public static Task<string?> Of(NpgsqlConnection connection, Guid directory, Guid account) => connection.ExecuteScalarAsync<string?>(
        "select external_id from directory.former_identity where directory_id = @directory and account_id = @account",
            new { directory, account });

    /// <summary>As a part of somebody's batch.</summary>
    public static NpgsqlBatchCommand Remember(Guid directory, Guid account, string externalId, DateTimeOffset now) => Statement.Of("""
        insert into directory.former_identity (directory_id, account_id, external_id, gone_at) values ($1, $2, $3, $4)
        on conflict (directory_id, account_id) do update set external_id = excluded.external_id, gone_at = excluded.gone_at
        """, directory, account, externalId, now.UtcDateTime);

    public static NpgsqlBatchCommand Forget(Guid directory, Guid account) => Statement.Of(
        "delete from directory.former_identity where directory_id = $1 and account_id = $2", directory, account);

    /// <summary>The one way in which rows of people go, but for erasure.</summary>
    public static NpgsqlBatchCommand RememberAndDelete(OrganizationId organization, Guid[] accounts, DateTimeOffset now) =>
        Statement.Of("""
        with gone as (
          delete from directory.provisioned_user u using directory.identity_directory d where d.id = u.directory_id
            and d.organization_id = $1 and u.account_id = any($2)
          returning u.directory_id, u.account_id, u.external_id)
        insert into directory.former_identity (directory_id, account_id, external_id, gone_at)
        select directory_id, account_id, external_id, $3 from gone where external_id is not null
        on conflict (directory_id, account_id) do update set external_id = excluded.external_id, gone_at = excluded.gone_at
        """, organization.Value, accounts, now.UtcDateTime);
}
