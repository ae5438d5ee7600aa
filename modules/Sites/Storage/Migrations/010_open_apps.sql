-- The roles that groups give to their people, whether those are on the site or not: what Standing tells as well.
create view sites.group_role as
  select m.account_id, x.site_id, x.app_id, x.role, x.group_id
  from sites.group_member m join sites.group_app_grant x on x.group_id = m.group_id;

-- What opens for whom, by a role of their own (no group) or a group's: of people who are on the site (SPEC U5), as all who hold a role of
-- their own are. Asked by person, by site or by app. That a membership may be suspended and an account deactivated stands beside it in
-- every list, and is decided by Standing.MayEnter.
create view sites.v_open_app as
  select g.account_id, g.site_id, g.app_id, g.role, null::uuid as group_id from sites.app_grant g
  union all
  select r.account_id, r.site_id, r.app_id, r.role, r.group_id
  from sites.group_role r join sites.site_member m on m.site_id = r.site_id and m.account_id = r.account_id;

-- Which apps does this person open here? The planner puts it in place of the call.
create function sites.open_apps(person uuid, here uuid) returns table (app_id text, role smallint, group_id uuid) language sql stable as $$
  select o.app_id, o.role, o.group_id from sites.v_open_app o where o.account_id = person and o.site_id = here
$$;
