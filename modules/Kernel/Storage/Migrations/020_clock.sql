-- The installation's clock is this database's, plus what only tests and demos add.
create table kernel.clock (
  is_one boolean primary key default true check (is_one),
  ahead  interval not null default '0'
);
insert into kernel.clock default values;

-- Who is at something and not ended: a process holds a lock of its session for as long as it lives. Frozen, it keeps the lock and may go
-- on; killed, it has none at once. Its lease (kernel.node) bridges the moment in which its connection is broken and it is not.
create function kernel.process_lock(process uuid) returns integer language sql immutable as $$
  select hashtext(process::text) & 2147483647
$$;

create function kernel.process_lives(process uuid) returns boolean language sql volatile as $$
  select exists (select from kernel.node where id = process and lives_until > clock_timestamp())
    or exists (select from pg_locks where locktype = 'advisory' and classid = 1347571523 and objid = kernel.process_lock(process)::oid
      and objsubid = 2 and granted and database = (select oid from pg_database where datname = current_database()))
$$;
