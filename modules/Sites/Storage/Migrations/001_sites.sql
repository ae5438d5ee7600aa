create table sites.organization (
  id         uuid primary key,
  slug       text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  name       text not null,
  created_at timestamptz not null
);

create table sites.site (
  id              uuid primary key,
  organization_id uuid not null references sites.organization,
  name            text not null,
  url             text not null unique,
  created_at      timestamptz not null
);
