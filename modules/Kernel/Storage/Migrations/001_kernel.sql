-- Raises when a turn did not save every row that it meant to: the whole transaction then goes back (SQLSTATE DP001 = lost race).
create function kernel.expect(wanted bigint, saved bigint) returns void language plpgsql as $$
begin
  if wanted <> saved then
    raise exception 'a turn expected % rows and saved %', wanted, saved using errcode = 'DP001';
  end if;
end $$;

create table kernel.outbox (
  seq        bigserial primary key,
  stream     uuid not null,
  type       text not null,
  payload    jsonb not null,
  at         timestamptz not null,
  attempts   int not null default 0,
  next_at    timestamptz,
  failure    text
);
create index outbox_waiting on kernel.outbox (stream, seq) where next_at is not null;

-- One row per change (SPEC L1). Personal values stand in their own column, so that they can be erased without touching the rest (A6, L2).
create table kernel.audit_entry (
  id              uuid primary key,
  at              timestamptz not null,
  organization_id uuid,
  actor_id        uuid,
  subject_id      uuid not null,
  action          text not null,
  means           text not null,
  address         text,
  request_id      text,
  job_id          uuid,
  fact            jsonb,
  before          jsonb,
  after           jsonb,
  personal        jsonb
);
create index audit_entry_subject on kernel.audit_entry (subject_id, at desc);

create table kernel.job (
  id              uuid primary key,
  kind            text not null,
  organization_id uuid not null,
  title           text not null,
  arguments       jsonb not null,
  state           smallint not null,
  asked_by        uuid,
  origin          jsonb not null,
  asked_at        timestamptz not null,
  started_at      timestamptz,
  ended_at        timestamptz,
  total           bigint not null,
  failure         text
);
create index job_organization on kernel.job (organization_id, asked_at desc);
create index job_open on kernel.job (state) where state in (0, 1);

-- A job's work is cut into ranges of ids; each range is walked by one worker at a time, its cursor moving in the transaction of the work itself.
create table kernel.job_range (
  job_id   uuid not null references kernel.job,
  no       int not null,
  after    uuid,
  upto     uuid,
  cursor   uuid,
  finished boolean not null default false,
  done     bigint not null default 0,
  counts   jsonb not null default '{}',
  primary key (job_id, no)
);

-- Per-item results, one row per chunk: the arrays run in parallel.
create table kernel.job_result (
  job_id   uuid not null references kernel.job,
  range_no int not null,
  seq      int not null,
  at       timestamptz not null,
  size     int not null,
  items    uuid[] not null,
  codes    text[] not null,
  primary key (job_id, range_no, seq)
);

create table kernel.mail (
  id              uuid primary key,
  organization_id uuid,
  recipient       text not null,
  subject         text not null,
  text            text not null,
  html            text not null,
  created_at      timestamptz not null,
  sent_at         timestamptz,
  attempts        int not null default 0,
  next_at         timestamptz not null,
  failure         text
);
create index mail_waiting on kernel.mail (next_at) where sent_at is null and attempts < 12;
create index mail_newest on kernel.mail (created_at desc);

-- Keys that every node needs to read the others' cookies.
create table kernel.data_protection_key (
  name text primary key,
  xml  text not null
);

-- What an installation remembers about itself, such as that it is a demo.
create table kernel.setting (
  name  text primary key,
  value text not null
);
