-- Who walks a range now, and until when nobody else may: by this database's clock, whatever the nodes' own say.
alter table kernel.job_range add column holder uuid, add column leased_until timestamptz;

-- Nodes that live, to share work out among them. Nothing is lost with its rows: each node writes its own anew every second.
create unlogged table kernel.node (
  id          uuid primary key,
  lives_until timestamptz not null
);

-- Work that is done again and again, by one node at a time: when it is due, and who is at it.
create table kernel.recurring (
  name         text primary key,
  next_at      timestamptz not null,
  holder       uuid,
  leased_until timestamptz
);
