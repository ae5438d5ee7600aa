namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>The keys that accounts carry, for when another version computes them otherwise.</summary>
static class NameKeys
{
    public static readonly KeptKeys Accounts = new SharedNameKeys("accounts.account",
        "select id, name from accounts.account where id > @after order by id limit @most", """
        with other as (
          select a.id, n.key from unnest(@ids, @names, @keys) as n(id, name, key) join accounts.account a on a.id = n.id
            and a.name = n.name and a.name_key <> n.key
          order by a.id for no key update of a
        ), renewed as (
          update accounts.account a set name_key = o.key from other o where a.id = o.id returning a.id, a.name_key, a.email
        )
        update accounts.search s set text = concat_ws(' ', r.name_key, r.email) from renewed r where s.account_id = r.id
        """);

    static readonly string Details = string.Join(", ",
        AccountDetails.All.Where(d => d.Compared).Select(d => $"'{d.Detail.Field()}:' || p.{d.Column}").Prepend("concat_ws(E'\\n'")) + ")";

    public static readonly KeptKeys Profiles = new SharedNameKeys("accounts.profile", $"""
        select p.account_id as id, {Details} as name from accounts.profile p where p.account_id > @after order by p.account_id limit @most
        """, $"""
        with other as (
          select p.account_id, string_to_array(n.key, E'\n') as keys
          from unnest(@ids, @names, @keys) as n(id, name, key) join accounts.profile p on p.account_id = n.id
            and p.detail_keys <> string_to_array(n.key, E'\n') and n.name = {Details}
          order by p.account_id for no key update of p
        )
        update accounts.profile p set detail_keys = o.keys from other o where p.account_id = o.account_id
        """, DetailKeys.OfLines);
}
