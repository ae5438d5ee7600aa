-- Names are folded by the program alone (SPEC N1); see accounts/013. What was one name before is one still.
alter table directory.identity_directory add column name_key text;
update directory.identity_directory set name_key = lower(name);
alter table directory.identity_directory alter column name_key set not null;
drop index directory.identity_directory_name;
create unique index identity_directory_name on directory.identity_directory (organization_id, name_key) where removed_at is null;
