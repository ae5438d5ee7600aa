-- Facts are delivered in eight streams at once. All facts of one id stand in the same one, by the id's last byte. A fact of many ids stands
-- in none: each stream hears it for its own ids, and `heard` has a bit for each that has. The number is generated, so that what a node of
-- the version before writes is sorted in as well; it writes facts of many with an array named "accounts", as this one does.
alter table kernel.outbox
  add delivery_stream smallint generated always as (
    case when jsonb_typeof(payload -> 'accounts') = 'array' then null else get_byte(uuid_send(stream), 15) & 7 end) stored,
  add heard int not null default 0;
create index outbox_delivery on kernel.outbox (delivery_stream, seq);

-- Who delivers a stream, until when by the database's clock. The token grows with each holder: who held an older one crosses nothing off.
create table kernel.delivery_stream (
  no     smallint primary key,
  holder uuid,
  token  bigint not null,
  until  timestamptz not null
);

-- Nodes that have something to deliver now, so that the streams can be shared out; an idle installation has none.
create table kernel.delivery_node (
  id    uuid primary key,
  until timestamptz not null
);
