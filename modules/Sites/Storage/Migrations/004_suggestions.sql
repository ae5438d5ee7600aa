-- What an admin proposes to an external person (SPEC U7). The values are personal: they go when they are answered, and with the person.
create table sites.suggestion (
  id              uuid primary key,
  organization_id uuid not null references sites.organization,
  account_id      uuid not null,
  details         jsonb,
  made_by         uuid,
  made_at         timestamptz not null,
  answered_at     timestamptz,
  accepted        boolean
);
create index suggestion_waiting on sites.suggestion (account_id, made_at) where answered_at is null;
