-- A directory for each identity provider of an organization (SPEC P2). Whoever shows its token makes and changes the people in it, and nobody else's. One that is removed has no token and goes when its people are given back.
create table directory.identity_directory (
  id              uuid primary key,
  organization_id uuid not null,
  name            text not null,
  token_hash      bytea unique,
  token_made_at   timestamptz not null,
  created_at      timestamptz not null,
  created_by      uuid not null,
  last_request_at timestamptz,
  removed_at      timestamptz
);
create unique index identity_directory_name on directory.identity_directory (organization_id, lower(name)) where removed_at is null;
create index identity_directory_removed on directory.identity_directory (removed_at) where removed_at is not null;

-- A person as the provider gave it, without what is ours to say (id, meta, groups). One directory at most owns an account.
create table directory.provisioned_user (
  directory_id uuid not null references directory.identity_directory on delete cascade,
  account_id   uuid not null unique,
  user_name    text collate "C" not null,
  external_id  text collate "C",
  active       boolean not null,
  resource     jsonb not null,
  version      bigint not null,
  created_at   timestamptz not null,
  changed_at   timestamptz not null,
  primary key (directory_id, account_id),
  constraint provisioned_user_name unique (directory_id, user_name)
);
create unique index provisioned_user_external on directory.provisioned_user (directory_id, external_id) where external_id is not null;
create index provisioned_user_display on directory.provisioned_user (directory_id, lower(resource->>'displayName') collate "C");
create index provisioned_user_family on directory.provisioned_user (directory_id, lower(resource->'name'->>'familyName') collate "C");
create index provisioned_user_given on directory.provisioned_user (directory_id, lower(resource->'name'->>'givenName') collate "C");
create index provisioned_user_active on directory.provisioned_user (directory_id, active, account_id);
create index provisioned_user_created on directory.provisioned_user (directory_id, created_at);
create index provisioned_user_changed on directory.provisioned_user (directory_id, changed_at);

-- What was refused or odd, for whoever sets a provider up; kept for 30 days and 10,000 lines a directory.
create table directory.provisioning_note (
  id           uuid primary key,
  directory_id uuid not null references directory.identity_directory on delete cascade,
  at           timestamptz not null,
  method       text not null,
  path         text not null,
  status       int not null,
  reason       text not null,
  account_id   uuid
);
create index provisioning_note_newest on directory.provisioning_note (directory_id, at desc, id desc);
create index provisioning_note_old on directory.provisioning_note (at);
create index provisioning_note_account on directory.provisioning_note (account_id) where account_id is not null;
