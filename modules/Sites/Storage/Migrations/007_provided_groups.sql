-- A group whose name and members an identity provider's directory says (SPEC P2, A11), and what admins are told that it is called. Null: the organization's own.
alter table sites.grp add provided_by uuid, add provider text, add constraint grp_provider check ((provided_by is null) = (provider is null));
create index grp_provided on sites.grp (provided_by) where provided_by is not null;

create or replace view sites.v_group as select id, organization_id, name, name_key, description, created_at, provided_by, provider from sites.grp;
