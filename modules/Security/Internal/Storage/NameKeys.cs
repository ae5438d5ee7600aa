namespace DirectoryPlatform.Security.Internal.Storage;

/// <summary>The keys that policies and their rules carry, for when another version computes them otherwise.</summary>
static class NameKeys
{
    public static readonly KeptKeys Policies = new UniqueNameKeys("security.policy",
        "select id, organization_id, name, name_key from security.policy where id > @after order by id limit @most", """
        update security.policy set name = @name, name_key = @key, version = version + case when name = @name then 0 else 1 end
        where id = @id and name = @was
          and not exists (select from security.policy o where o.organization_id = @organization and o.name_key = @key and o.id <> @id)
        """);

    /// <summary>Two rules that are one by now stay two: the first one decides, as before.</summary>
    public static readonly KeptKeys Rules = new SharedNameKeys("security.policy_rule",
        "select id, value as name from security.policy_rule where id > @after order by id limit @most", """
        update security.policy_rule r set value_key = n.key from (
          select distinct on (r.organization_id, r.attribute, n.key) r.id, n.key
          from unnest(@ids, @names, @keys) as n(id, name, key) join security.policy_rule r on r.id = n.id and r.value = n.name
            and r.value_key <> n.key
          where not exists (select from security.policy_rule o where o.organization_id = r.organization_id
            and o.attribute = r.attribute and o.value_key = n.key)
          order by r.organization_id, r.attribute, n.key, r.id) n
        where r.id = n.id
        """, SearchKey.Exact);
}
