-- Groups that an identity provider owns (SPEC P2). The group itself, with its name and members, is one of the organization's groups; here stands what the provider alone knows of it.
create table directory.provisioned_group (
  directory_id uuid not null references directory.identity_directory on delete cascade,
  group_id     uuid primary key,
  display_name text not null,
  external_id  text,
  version      bigint not null default 1,
  created_at   timestamptz not null,
  changed_at   timestamptz not null
);
create unique index provisioned_group_external on directory.provisioned_group (directory_id, external_id) where external_id is not null;
create index provisioned_group_name on directory.provisioned_group (directory_id, (lower(display_name) collate "C"));
create index provisioned_group_created on directory.provisioned_group (directory_id, created_at, group_id);
create index provisioned_group_changed on directory.provisioned_group (directory_id, changed_at);

-- All addresses of a provisioned person, for one index over the many that a person may have.
create function directory.scim_emails(resource jsonb) returns text[] immutable parallel safe language sql as $$
  select coalesce(array_agg(lower(e ->> 'value')) filter (where e ->> 'value' is not null), '{}') from jsonb_array_elements(case when jsonb_typeof(resource -> 'emails') = 'array' then resource -> 'emails' else '[]' end) e
$$;
create index provisioned_user_emails on directory.provisioned_user using gin (directory.scim_emails(resource));
