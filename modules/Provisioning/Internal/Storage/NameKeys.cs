namespace DirectoryPlatform.Provisioning.Internal.Storage;

/// <summary>The keys that directories carry, for when another version computes them otherwise.</summary>
static class NameKeys
{
    public static readonly KeptKeys Directories = new UniqueNameKeys("directory.identity_directory", """
        select id, organization_id, name, name_key from directory.identity_directory where removed_at is null and id > @after
        order by id limit @most
        """, """
        update directory.identity_directory set name = @name, name_key = @key where id = @id and name = @was and not exists (
          select from directory.identity_directory o where o.organization_id = @organization and o.name_key = @key and o.id <> @id
            and o.removed_at is null)
        """);
}
