-- Somebody without a usable account is just joining by this link: one follower at a time, until the account is there (SPEC U3). The account's id, whose turn it is, and how long that holds.
alter table sites.invitation add joining_as uuid, add joining_turn uuid, add joining_until timestamptz;

-- One row of the organization's list for each address that is invited, to however many of its sites: that of the oldest invitation that waits. Each site's own list has the site's.
create or replace function sites.relist_invitations(org uuid, ids uuid[]) returns void language sql as $$
  with waiting as (
    select i.id, i.site_id, i.email, i.invited_at, row_number() over (partition by i.email order by i.invited_at, i.id) as place
    from sites.invitation i join sites.site s on s.id = i.site_id
    where i.email in (select email from sites.invitation where id = any(ids)) and s.organization_id = org and i.accepted_at is null and i.revoked_at is null
  ), wanted as (
    select id, site_id as scope_id, email, invited_at from waiting
    union all
    select id, org, email, invited_at from waiting where place = 1
  ), gone as (
    delete from sites.listed l where l.organization_id = org and l.id in (select unnest(ids) union select id from waiting) and l.account_id is null
      and not exists (select from wanted w where w.id = l.id and w.scope_id = l.scope_id)
  )
  insert into sites.listed (scope_id, id, organization_id, status, name_key, email, added_at)
  select scope_id, id, org, 2, email, email, invited_at from wanted
  on conflict (scope_id, id) do update set added_at = excluded.added_at
$$;
select sites.relist_invitations(s.organization_id, array_agg(i.id)) from sites.invitation i join sites.site s on s.id = i.site_id where i.accepted_at is null and i.revoked_at is null group by s.organization_id;
