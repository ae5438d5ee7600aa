create table domains.domain (
  id              uuid primary key,
  version         bigint not null,
  organization_id uuid not null,
  name            text not null,
  state           smallint not null check (state between 0 and 4),
  token           text not null,
  automatic_claim boolean,
  method          smallint not null,
  added_at        timestamptz not null,
  verified_at     timestamptz,
  last_check      jsonb,
  next_check_at   timestamptz,
  gave_up_at      timestamptz,
  proved_at       timestamptz,
  missing_since   timestamptz
);
-- One owner of a name at a time (SPEC D10): verified (1) and missing_token (2) own it.
create unique index domain_owner on domains.domain (name) where state in (1, 2);
-- An organization holds a name once, until it is superseded (3) or removed (4).
create unique index domain_once on domains.domain (organization_id, name) where state < 3;
create index domain_due on domains.domain (next_check_at) where next_check_at is not null;
create index domain_name on domains.domain (name);

-- The demo's built-in zone (SPEC R3).
create table domains.demo_record (
  id    uuid primary key,
  name  text not null,
  type  text not null check (type in ('TXT', 'CNAME')),
  value text not null
);
create index demo_record_name on domains.demo_record (name);

create view domains.v_domain as select id, organization_id, name, state, automatic_claim from domains.domain where state < 3;
