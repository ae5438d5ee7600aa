-- Set by an admin's reset: the next sign-in has to choose another password (SPEC M7).
alter table security.password add must_change boolean not null default false;

-- Passwords before the present one, as many as the policy's reuse limit asks for (SPEC S1).
create table security.password_before (
  account_id  uuid not null,
  replaced_at timestamptz not null,
  hash        text not null,
  primary key (account_id, replaced_at)
);

-- Links of forgotten passwords: of a token only its hash, and the address that it went to.
create table security.password_reset (
  token_hash bytea primary key,
  account_id uuid not null,
  email      text not null,
  sent_at    timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index password_reset_account on security.password_reset (account_id, sent_at desc);

-- Two-step verification that is on (SPEC S2). The secret is sealed by the keys that all nodes share; last_step is the newest step of which a code was accepted.
create table security.two_step (
  account_id uuid primary key,
  secret     text not null,
  on_since   timestamptz not null,
  last_step  bigint not null
);

create table security.recovery_code (
  account_id uuid not null,
  hash       bytea not null,
  primary key (account_id, hash)
);

create view security.v_two_step as select account_id, on_since from security.two_step;
