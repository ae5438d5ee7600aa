-- Many users at once (SPEC U3, U4, U5): who is meant is written down when it is prepared, so that preview, job, result and undo speak of the same people. A draft's id becomes the job's.
-- Deed: 1 = invite, 2 = suspend, 3 = restore, 4 = remove. Without a site: all sites of the organization; for an invitation: the site is not chosen yet.
create table sites.bulk_draft (
  id              uuid primary key,
  organization_id uuid not null references sites.organization on delete cascade,
  site_id         uuid references sites.site on delete cascade,
  deed            smallint not null check (deed between 1 and 4),
  note            text,
  roles           jsonb not null default '{}',
  groups          uuid[] not null default '{}',
  undoes          uuid,
  made_by         uuid,
  made_at         timestamptz not null,
  left_out        bigint not null default 0,
  bad_line_count  bigint not null default 0,
  bad_lines       jsonb not null default '[]'
);
create index bulk_draft_made on sites.bulk_draft (made_at);

-- Item: the account, or for an invitation an id in the order of the lines. What a change has changed stands beside it, for the undo; an undo looks at those sites only.
create table sites.bulk_item (
  draft_id      uuid not null references sites.bulk_draft on delete cascade,
  item          uuid not null,
  email         text,
  line          int,
  only_sites    uuid[],
  changed_sites uuid[],
  primary key (draft_id, item)
);
create index bulk_item_email on sites.bulk_item (email) where email is not null;
create index bulk_item_item on sites.bulk_item (item);

-- Background work that is about one site: what its own admins may see.
create table sites.site_job (
  job_id   uuid primary key,
  site_id  uuid not null references sites.site on delete cascade,
  asked_at timestamptz not null
);
create index site_job_site on sites.site_job (site_id, asked_at);
