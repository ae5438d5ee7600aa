-- Programs that ask for an API key by a code (SPEC P9). The row is kept for a day; of both codes only hashes are.
create table security.device_code (
  id              uuid primary key,
  device_hash     bytea not null unique,
  user_hash       bytea not null unique,
  program         text not null,
  scopes          text[] not null,
  address         text,
  asked_at        timestamptz not null,
  expires_at      timestamptz not null,
  polled_at       timestamptz,
  answered_at     timestamptz,
  used_at         timestamptz,
  organization_id uuid,
  account_id      uuid,
  granted         text[]
);
create index device_code_expires on security.device_code (expires_at);
create index device_code_account on security.device_code (account_id) where account_id is not null;
create index device_code_organization on security.device_code (organization_id) where organization_id is not null;
