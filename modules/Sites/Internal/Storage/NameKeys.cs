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

/// <summary>The keys of those who are listed. Their names are the accounts' own: they are asked for while the rows are locked, so that a
/// name that changes meanwhile is written after this.</summary>
sealed class PeopleKeys(IMediator mediator) : KeptKeys
{
    public override string Table => "sites.person";

    public override async Task<(Guid? Last, IReadOnlyList<Renumbered> Renumbered)> Renew(NpgsqlConnection connection, Guid after, int most)
    {
        var rows = (await connection.QueryAsync<(Guid Id, string Key)>("""
            select account_id, name_key from sites.person where account_id > @after order by account_id limit @most for no key update
            """, new { after, most })).AsList();
        if (rows.Count == 0) return (null, []);
        var old = rows.ToDictionary(p => p.Id, p => p.Key);
        var other = (await mediator.Send(new ReadAccounts([.. old.Keys.Select(id => new AccountId(id))])))
            .Select(a => (Id: a.Id.Value, Key: SearchKey.Of(a.Name))).Where(a => old[a.Id] != a.Key).ToList();
        await connection.ExecuteAsync("""
            with other as (select * from unnest(@ids, @keys) as n(id, key)), renewed as (
              update sites.person p set name_key = o.key from other o where p.account_id = o.id
            )
            update sites.listed l set name_key = o.key from other o where l.id = o.id
            """, new { ids = other.Select(a => a.Id).ToArray(), keys = other.Select(a => a.Key).ToArray() });
        return (rows[^1].Id, []);
    }
}
