-- One identity provider for each organization (SPEC S5). Settings come into force with the first sign-in that works with them; until then they wait beside those in force.
create table security.identity_provider (
  organization_id uuid primary key,
  version         bigint not null default 1,
  in_force        jsonb,
  proposed        jsonb,
  changed_at      timestamptz not null,
  check (in_force is not null or proposed is not null)
);

-- A policy that leads people to a provider keeps it there: the reference is the organization's id while single sign-on is on, and nothing otherwise.
alter table security.policy
  add single_sign_on boolean not null default false,
  add provider_of    uuid generated always as (case when single_sign_on then organization_id end) stored references security.identity_provider,
  add constraint policy_single_sign_on_billable check (billable or not single_sign_on);

-- A verified answer of a provider, between its arrival and the visit of the browser that asked. Kept for a day after that: each request is answered once, and each assertion taken once, on all nodes.
create table security.provider_answer (
  token_hash       bytea primary key,
  organization_id  uuid not null,
  request_hash     bytea not null,
  assertion_hash   bytea not null,
  account_id       uuid not null,
  settings_version bigint not null,
  authenticated_at timestamptz not null,
  answered_at      timestamptz not null,
  taken_at         timestamptz,
  unique (organization_id, request_hash),
  unique (organization_id, assertion_hash)
);
create index provider_answer_age on security.provider_answer (answered_at);
create index provider_answer_account on security.provider_answer (account_id);

-- How a session began.
alter table security.session add by_provider boolean not null default false;
