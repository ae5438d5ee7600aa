-- SPEC L2: entries are chained after the fact, in the background, so that no writer waits for another. What a seal covers may not change; what is personal may go, and only a salted digest of it is covered.

-- In which transaction an entry was written: everything before the oldest running transaction is complete and can be sealed, in the order (xid, id), without a mark on each row.
alter table kernel.audit_entry
  add column xid          xid8 not null default '0',
  add column salt         uuid default gen_random_uuid(),
  add column address_salt uuid default gen_random_uuid();
alter table kernel.audit_entry alter xid set default pg_current_xact_id();
create index audit_entry_sealing on kernel.audit_entry (xid, id);

-- The page of the log: newest first, of everybody, of one actor, or of one kind of deed.
create index audit_entry_organization on kernel.audit_entry (organization_id, at, id);
create index audit_entry_actor on kernel.audit_entry (actor_id, at, id) where actor_id is not null;
create index audit_entry_action on kernel.audit_entry (organization_id, action, at, id);

-- A chain per organization; what belongs to none is in the platform's own, under the zero id. Arrays run in parallel, one element an entry; a null digest says that there was nothing personal.
create table kernel.audit_seal (
  organization_id  uuid not null,
  no               bigint not null,
  sealed_at        timestamptz not null,
  ids              uuid[] not null,
  digests          bytea[] not null,
  personal_digests bytea[] not null,
  address_digests  bytea[] not null,
  previous         bytea not null,
  hash             bytea not null,
  primary key (organization_id, no)
);

-- How far the log is sealed.
create table kernel.audit_sealed (
  one boolean primary key default true check (one),
  xid xid8 not null,
  id  uuid not null
);
insert into kernel.audit_sealed (xid, id) values ('0', '00000000-0000-0000-0000-000000000000');

-- A part of what is digested: its length in bytes and itself, so that no two entries read alike; "-" for what is not there.
create function kernel.audit_part(value text) returns text language sql immutable parallel safe as $$ select coalesce(octet_length(value) || ':' || value, '-') $$;

create function kernel.audit_digest(e kernel.audit_entry, personal_digest bytea, address_digest bytea) returns bytea language sql immutable parallel safe as $$
  select sha256(convert_to(
    kernel.audit_part(e.id::text) || kernel.audit_part((extract(epoch from e.at) * 1000000)::bigint::text) || kernel.audit_part(e.organization_id::text) || kernel.audit_part(e.actor_id::text)
    || kernel.audit_part(e.subject_id::text) || kernel.audit_part(e.action) || kernel.audit_part(e.means) || kernel.audit_part(e.request_id) || kernel.audit_part(e.job_id::text)
    || kernel.audit_part(e.fact::text) || kernel.audit_part(e.before::text) || kernel.audit_part(e.after::text)
    || kernel.audit_part(encode(personal_digest, 'hex')) || kernel.audit_part(encode(address_digest, 'hex')), 'UTF8'))
$$;
