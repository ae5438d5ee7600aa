create table security.password (
  account_id uuid primary key,
  hash       text not null,
  set_at     timestamptz not null
);

create table security.session (
  id             uuid primary key,
  token_hash     bytea not null unique,
  account_id     uuid not null,
  kind           text not null,
  device         text not null,
  address        text,
  created_at     timestamptz not null,
  last_active_at timestamptz not null,
  ended_at       timestamptz,
  ended_why      text
);
create index session_account on security.session (account_id, last_active_at desc);

-- Failed sign-ins by what they were aimed at: the hash of an email address, or a network address (SPEC S1).
create table security.sign_in_throttle (
  key       bytea primary key,
  failures  int not null,
  last_at   timestamptz not null,
  closed_to timestamptz not null
);

-- One-time codes that the console printed for the first visit (SPEC R4).
create table security.setup_code (
  hash bytea primary key
);

create view security.v_last_active as select account_id, max(last_active_at) as last_active_at from security.session group by account_id;
