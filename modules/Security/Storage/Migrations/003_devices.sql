-- How long a session lasts is settled when it begins (SPEC S6): idle from the last click, ends_at whatever is clicked. Sessions from before keep what held for them.
alter table security.session
  add agent       text,
  add idle        interval not null default '7 days',
  add ends_at     timestamptz,
  add proved_at   timestamptz,
  add token_until timestamptz;

-- device becomes a name in words; what the browser called itself stays beside it.
update security.session set agent = device, ends_at = created_at + interval '30 days', proved_at = created_at;
alter table security.session alter ends_at set not null, alter proved_at set not null;

create index session_live on security.session (account_id, last_active_at desc) where ended_at is null;

-- Used ones are kept as long as their session lives: only so is the reuse of an old one noticed.
create table security.refresh_token (
  token_hash bytea primary key,
  session_id uuid not null references security.session on delete cascade,
  used_at    timestamptz
);
create index refresh_token_session on security.refresh_token (session_id);

create table security.api_token (
  id           uuid primary key,
  account_id   uuid not null,
  token_hash   bytea not null unique,
  label        text not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create index api_token_account on security.api_token (account_id, created_at desc);
