-- Names are folded by the program alone (SPEC N1, N2); see accounts/013.
alter table sites.grp alter column name_key drop expression;

alter table sites.site add column name_key text;
update sites.site set name_key = lower(name);
alter table sites.site alter column name_key set not null;
create or replace view sites.v_site as select id, organization_id, name, url, name_key from sites.site;
