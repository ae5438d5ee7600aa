-- A file that a job writes part by part, each part in the transaction of its chunk; any node can serve it. Deleted when it expires, or when somebody in it is erased.
create table directory.export (
  job_id          uuid primary key,
  organization_id uuid not null,
  file_name       text not null,
  parts           int not null default 0,
  rows            bigint not null default 0,
  finished_at     timestamptz,
  expires_at      timestamptz not null
);
create index export_expires on directory.export (expires_at);

-- Each part says whom it holds, so that an erasure finds the files that name a person.
create table directory.export_part (
  job_id   uuid not null references directory.export on delete cascade,
  no       int not null,
  first_id uuid not null,
  last_id  uuid not null,
  accounts uuid[] not null,
  gzip     bytea not null,
  primary key (job_id, no)
);
alter table directory.export_part alter column gzip set storage external;
