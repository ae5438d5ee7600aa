-- Names are folded by the program alone (SPEC N1); see accounts/013. What was one name before is one still.
alter table security.policy add column name_key text;
update security.policy set name_key = lower(name);
alter table security.policy alter column name_key set not null;
drop index security.policy_name;
create unique index policy_name on security.policy (organization_id, name_key);

alter table security.policy_rule add column value_key text;
update security.policy_rule set value_key = lower(value);
alter table security.policy_rule alter column value_key set not null;
drop index security.policy_rule_words;
create unique index policy_rule_words on security.policy_rule (organization_id, attribute, value_key);
