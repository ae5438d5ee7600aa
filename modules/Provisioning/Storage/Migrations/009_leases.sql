-- Who is at work on a person, by name: held for as long as a request takes, and free again by itself when its process has died. No
-- transaction is open meanwhile. What is lost in a crash of the database is what a crash ends anyway.
create unlogged table directory.provisioning_lease (
  name   text primary key,
  holder uuid not null,
  until  timestamptz not null
);

-- Set before a person leaves the provider's groups and the directory: from then on nobody puts the person into a group, and what was broken
-- off in between is found and ended.
alter table directory.provisioned_user add column leaving boolean not null default false;
create index provisioned_user_leaving on directory.provisioned_user (account_id) where leaving;

-- What other modules may read: which directory provides a person.
create view directory.v_provisioned_user as
  select u.account_id, d.organization_id, d.id as directory_id, d.name, u.user_name, u.changed_at
  from directory.provisioned_user u join directory.identity_directory d on d.id = u.directory_id where d.removed_at is null;
