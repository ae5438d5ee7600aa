-- Members by rule (SPEC S5): who is in a policy by what is known of the account, without a row for each. Asked in the order of their ids, which is that of their making.
create table security.policy_rule (
  id              uuid primary key,
  policy_id       uuid not null references security.policy on delete cascade,
  organization_id uuid not null,
  attribute       text not null,
  value           text not null,
  created_at      timestamptz not null
);
-- The same words cannot lead to two policies.
create unique index policy_rule_words on security.policy_rule (organization_id, attribute, lower(value));

-- Whether a membership counts depends on its time (SPEC C7).
create or replace view security.v_policy_member as select account_id, organization_id, policy_id, since from security.policy_member;

-- What a changed policy would ask of people.
create view security.v_password as select account_id, set_at from security.password;
create view security.v_api_token as select account_id, expires_at, revoked_at from security.api_token;
