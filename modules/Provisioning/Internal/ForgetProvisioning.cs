namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>What a provider said of a person goes with the person (SPEC A6);
/// directories with all that is in them go with their organization.</summary>
sealed class ForgetProvisioning : IErasePersonalData, IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails) =>
    [
        // Notes name people by id or, in filters and reasons, by what the provider calls them.
        Statement.Of("""
            delete from directory.provisioning_note n using directory.identity_directory d where n.directory_id = d.id
              and (n.account_id = any($1)
              or exists (select from unnest($2) w where position(w in lower(n.path || ' ' || n.reason)) > 0)
              or exists (select from directory.provisioned_user u where u.account_id = any($1) and u.directory_id = n.directory_id
                and position(u.user_name in lower(n.path || ' ' || n.reason)) > 0))
            """, accounts, (string[])[.. emails, .. accounts.Select(a => $"{a}")]),
        RowsOfPeople.Delete("directory.provisioned_user", accounts),
        RowsOfPeople.Delete("directory.former_identity", accounts),
        RowsOfPeople.Delete("directory.identity_question", accounts),
    ];

    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
        [RowsOfOrganization.Delete("directory.identity_directory", organization)];
}
