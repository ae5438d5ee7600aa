-- Whose certificates silos take from each other: an authority of the installation's own, made by the first node that joins others. Its key
-- is sealed by the key ring. Without the row the next node makes another one, and silos of before are strangers to it.
create table kernel.cluster_authority (
  one         boolean primary key default true check (one),
  certificate bytea not null,
  sealed_key  bytea not null,
  made_at     timestamptz not null default now()
);
