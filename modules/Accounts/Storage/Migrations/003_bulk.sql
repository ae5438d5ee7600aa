-- A bulk action being prepared: the accounts are fixed when it is prepared, so that what was looked at is what is done. Its id becomes the job's id.
create table accounts.bulk_draft (
  id              uuid primary key,
  organization_id uuid not null,
  action          smallint not null,
  undoes          uuid,
  made_by         uuid,
  made_at         timestamptz not null,
  job_id          uuid,
  left_out        bigint not null default 0,
  bad_line_count  bigint not null default 0,
  bad_lines       jsonb not null default '[]'
);
create table accounts.bulk_draft_account (
  draft_id   uuid not null references accounts.bulk_draft on delete cascade,
  account_id uuid not null,
  primary key (draft_id, account_id)
);
