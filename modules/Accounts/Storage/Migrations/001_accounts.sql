create extension if not exists pg_trgm with schema public;

-- The narrow row that turns and claims write. What is rarely set stands in nullable columns, which cost nothing while null.
create table accounts.account (
  id                   uuid primary key,
  version              bigint not null,
  email                text,
  domain               text,
  name                 text not null,
  name_key             text not null generated always as (lower(name)) stored,
  state                smallint not null,
  email_verified       boolean not null,
  managed_by           uuid,
  claimed_at           timestamptz,
  created_at           timestamptz not null,
  deletion_due_at      timestamptz,
  deactivation_reason  text,
  deactivation_message text,
  admin_of             uuid[],
  excluded_by          uuid[],
  constraint account_state_known check (state between 0 and 4)
);
-- One email belongs to one account.
create unique index account_email on accounts.account (email);
create index account_domain on accounts.account (domain, id) include (managed_by, state, excluded_by);
create index account_managed_name on accounts.account (managed_by, name_key, id) where managed_by is not null;
create index account_managed_state on accounts.account (managed_by, state, name_key, id) where managed_by is not null;
create index account_managed_email on accounts.account (managed_by, email, id) where managed_by is not null;
create index account_managed_added on accounts.account (managed_by, id) where managed_by is not null;
create index account_admin_of on accounts.account using gin (admin_of) where admin_of is not null;
create index account_excluded_by on accounts.account using gin (excluded_by) where excluded_by is not null;
create index account_deletion_due on accounts.account (deletion_due_at) where deletion_due_at is not null;

-- Searchable text apart from the row, so that claiming a million accounts does not touch a trigram.
create table accounts.search (
  account_id uuid primary key references accounts.account on delete cascade,
  text       text not null
);
create index search_text on accounts.search using gin (text public.gin_trgm_ops);

create table accounts.email_verification (
  token_hash bytea primary key,
  account_id uuid not null references accounts.account,
  email      text not null,
  sent_at    timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index email_verification_account on accounts.email_verification (account_id, sent_at desc);

create table accounts.claim_draft (
  id              uuid primary key,
  organization_id uuid not null,
  domain_id       uuid not null,
  domain          text not null,
  from_file       boolean not null,
  unclaim         boolean not null,
  automatic       boolean not null default true,
  made_by         uuid,
  made_at         timestamptz not null,
  job_id          uuid,
  bad_line_count  bigint not null default 0,
  bad_lines       jsonb not null default '[]',
  not_on_domain   bigint not null default 0
);
create table accounts.claim_draft_account (
  draft_id   uuid not null references accounts.claim_draft on delete cascade,
  account_id uuid not null,
  primary key (draft_id, account_id)
);

-- What other rooms may read: the read side of the lists.
create view accounts.v_account as
  select id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at, created_at, deletion_due_at, deactivation_reason, deactivation_message, admin_of
  from accounts.account;
create view accounts.v_search as select account_id, text from accounts.search;
