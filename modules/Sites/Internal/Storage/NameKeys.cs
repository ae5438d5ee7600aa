namespace DirectoryPlatform.Sites.Internal.Storage;

/// <summary>The keys that sites and groups carry, for when another version computes them otherwise.</summary>
static class NameKeys
{
    public static readonly KeptKeys Sites = new SharedNameKeys("sites.site",
        "select id, name from sites.site where id > @after order by id limit @most", """
        update sites.site s set name_key = n.key from unnest(@ids, @names, @keys) as n(id, name, key)
        where s.id = n.id and s.name = n.name and s.name_key <> n.key
        """);

    public static readonly KeptKeys Groups = new UniqueNameKeys("sites.grp",
        "select id, organization_id, name, name_key from sites.grp where id > @after order by id limit @most", """
        update sites.grp set name = @name, name_key = @key where id = @id and name = @was
          and not exists (select from sites.grp o where o.organization_id = @organization and o.name_key = @key and o.id <> @id)
        """);
}
