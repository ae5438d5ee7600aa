-- What is to be done to many (SPEC A10, C8, C9), whatever it is: who is meant is written down when it is prepared, so that preview, job,
-- result and undo speak of the same people. A draft's id becomes the job's.
create table kernel.bulk_draft (
  id              uuid primary key,
  organization_id uuid not null,
  site_id         uuid,
  action          text not null,
  options         jsonb not null default '{}',
  everything      boolean not null default false,
  undoes          uuid,
  made_by         uuid,
  made_at         timestamptz not null,
  left_out        bigint not null default 0,
  bad_line_count  bigint not null default 0,
  bad_lines       jsonb not null default '[]',
  keeps_items     boolean not null default false
);
create index bulk_draft_made on kernel.bulk_draft (made_at);

-- Item: the account, or an id in the order of the lines where there is none. Where something was done stands beside it, for the undo; an
-- undo looks at those places only.
create table kernel.bulk_item (
  draft_id uuid not null references kernel.bulk_draft on delete cascade,
  item     uuid not null,
  text     text,
  line     int,
  only_in  uuid[],
  done_in  uuid[],
  primary key (draft_id, item)
);
create index bulk_item_text on kernel.bulk_item (text) where text is not null;
