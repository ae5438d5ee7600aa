-- What the apps' door reads (SPEC A9, U11). What is given leaves a row as well where it may change the role that somebody enters with. That
-- somebody was active leaves none.
create function sites.site_revoked() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform kernel.revoke(array(select id from old_rows));
  else
    perform kernel.revoke(array(select id from (
      select id, url, organization_id from old_rows except select id, url, organization_id from new_rows) gone));
  end if;
  return null;
end
$$;
create trigger site_revoked after update on sites.site referencing old table as old_rows new table as new_rows
  for each statement execute function sites.site_revoked();
create trigger site_deleted after delete on sites.site referencing old table as old_rows
  for each statement execute function sites.site_revoked();

create function sites.of_sites_revoked() returns trigger language plpgsql as $$
begin
  perform kernel.revoke(array(select distinct site_id from changed_rows));
  return null;
end
$$;
create trigger site_app_deleted after delete on sites.site_app referencing old table as changed_rows
  for each statement execute function sites.of_sites_revoked();
create trigger group_app_grant_inserted after insert on sites.group_app_grant referencing new table as changed_rows
  for each statement execute function sites.of_sites_revoked();
create trigger group_app_grant_updated after update on sites.group_app_grant referencing old table as changed_rows
  for each statement execute function sites.of_sites_revoked();
create trigger group_app_grant_deleted after delete on sites.group_app_grant referencing old table as changed_rows
  for each statement execute function sites.of_sites_revoked();

create function sites.of_people_revoked() returns trigger language plpgsql as $$
begin
  perform kernel.revoke(array(select distinct account_id from changed_rows));
  return null;
end
$$;
create trigger app_grant_inserted after insert on sites.app_grant referencing new table as changed_rows
  for each statement execute function sites.of_people_revoked();
create trigger app_grant_updated after update on sites.app_grant referencing old table as changed_rows
  for each statement execute function sites.of_people_revoked();
create trigger app_grant_deleted after delete on sites.app_grant referencing old table as changed_rows
  for each statement execute function sites.of_people_revoked();
create trigger group_member_inserted after insert on sites.group_member referencing new table as changed_rows
  for each statement execute function sites.of_people_revoked();
create trigger group_member_deleted after delete on sites.group_member referencing old table as changed_rows
  for each statement execute function sites.of_people_revoked();
create trigger site_member_deleted after delete on sites.site_member referencing old table as changed_rows
  for each statement execute function sites.of_people_revoked();

create function sites.member_revoked() returns trigger language plpgsql as $$
begin
  perform kernel.revoke(array(select distinct account_id from (
    select account_id, site_id, status from old_rows except select account_id, site_id, status from new_rows) gone));
  return null;
end
$$;
create trigger site_member_revoked after update on sites.site_member referencing old table as old_rows new table as new_rows
  for each statement execute function sites.member_revoked();
