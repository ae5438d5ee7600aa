-- Keys of an organization's programs (SPEC P1). One acts for the admin whose account stands in it: it works as long as that account may act and administers the organization.
create table security.api_key (
  id              uuid primary key,
  organization_id uuid not null,
  account_id      uuid not null,
  token_hash      bytea not null unique,
  name            text not null,
  scopes          text[] not null,
  created_at      timestamptz not null,
  expires_at      timestamptz not null,
  last_used_at    timestamptz,
  revoked_at      timestamptz,
  warned_at       timestamptz
);
create index api_key_organization on security.api_key (organization_id, created_at desc);
create index api_key_account on security.api_key (account_id);
create index api_key_over on security.api_key (least(expires_at, revoked_at));
create index api_key_unwarned on security.api_key (expires_at) where warned_at is null and revoked_at is null;

-- Answers to requests that carried an Idempotency-Key (SPEC P4), for a day. Without a status the request is still being carried out.
create table security.api_answer (
  key_id          uuid not null references security.api_key on delete cascade,
  idempotency_key text not null,
  request_hash    bytea not null,
  begun_at        timestamptz not null,
  status          int,
  content_type    text,
  body            text,
  primary key (key_id, idempotency_key)
);
create index api_answer_begun on security.api_answer (begun_at);
