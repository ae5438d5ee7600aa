-- Where an organization's audit log is sent (SPEC L3). What is next stands as a place in its chain of seals, so that everything is sent once it is sealed, in that order, and nothing is queued twice.
create table directory.webhook (
  id              uuid primary key,
  organization_id uuid not null,
  url             text not null,
  secret          text not null,
  created_at      timestamptz not null,
  created_by      uuid not null,
  paused          boolean not null default false,
  no              bigint not null,
  position        int not null,
  -- A delivery that was begun ends where it ended the first time, whatever came since.
  upto_no         bigint,
  upto_position   int,
  attempts        int not null default 0,
  next_at         timestamptz,
  failure         text
);
create index webhook_organization on directory.webhook (organization_id, created_at);

-- Every try. What was sent is not kept: it is read from the log again, without what was erased meanwhile.
create table directory.webhook_try (
  id            uuid primary key,
  webhook_id    uuid not null references directory.webhook on delete cascade,
  delivery_id   uuid not null,
  no            bigint not null,
  position      int not null,
  upto_no       bigint not null,
  upto_position int not null,
  events        int not null,
  at            timestamptz not null,
  milliseconds  int not null,
  status        int,
  failure       text,
  by_hand       boolean not null
);
create index webhook_try_newest on directory.webhook_try (webhook_id, at desc, id desc);
create index webhook_try_old on directory.webhook_try (at);
