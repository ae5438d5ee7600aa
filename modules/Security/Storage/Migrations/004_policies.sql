-- Authentication policies (SPEC S5). The default one has no member rows: whoever is managed and stands in no other policy is in it, so that claiming a million accounts writes none.
create table security.policy (
  id                  uuid primary key,
  organization_id     uuid not null,
  version             bigint not null default 1,
  name                text not null,
  is_default          boolean not null,
  billable            boolean not null,
  two_step_mandatory  boolean not null,
  password_strength   smallint not null,
  password_expiry_days int,
  password_reuse      int not null,
  idle_minutes        int not null,
  life_days           int not null,
  api_tokens          boolean not null,
  created_at          timestamptz not null
);
create unique index policy_name on security.policy (organization_id, lower(name));
create unique index policy_default on security.policy (organization_id) where is_default;

-- One policy per account. A row counts only while its organization manages the account; what is left behind by an unclaiming is deleted when that is heard.
create table security.policy_member (
  account_id      uuid primary key,
  organization_id uuid not null,
  policy_id       uuid not null references security.policy on delete cascade,
  since           timestamptz not null
);
create index policy_member_policy on security.policy_member (policy_id, account_id);

-- For lists and exports.
create view security.v_policy as select id, organization_id, name, is_default, billable, two_step_mandatory, password_strength, idle_minutes from security.policy;
create view security.v_policy_member as select account_id, organization_id, policy_id from security.policy_member;
