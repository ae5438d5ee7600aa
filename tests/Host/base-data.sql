-- What is in the last release's database: an organization with a verified domain, 1,000 people of whom 600 are managed and 50 deactivated,
-- two admins, a policy, a session, an API key, and the entries of it. Written by hand in the tables as they were then; when a release
-- becomes the base, this is held against its tables.
insert into sites.organization (id, slug, name, created_at) values (@acme, 'acme', 'Acme', now() - interval '1 year');

insert into security.policy (id, organization_id, name, name_key, is_default, billable, two_step_mandatory, password_strength,
  password_reuse, idle_minutes, life_days, api_tokens, created_at)
values (gen_random_uuid(), @acme, 'Contractors', 'contractors', false, true, false, 0, 0, 10080, 30, true, now() - interval '1 year');

insert into domains.domain (id, version, organization_id, name, state, token, automatic_claim, method, added_at, verified_at, proved_at,
  next_check_at)
values (@domain, 2, @acme, 'acme.example', 1, 'directory-verification=0123456789', false, 0, now() - interval '1 year',
  now() - interval '1 year', now(), now() + interval '1 day');

insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, created_at, admin_of)
values (@ada, 3, 'ada@acme.example', 'acme.example', 'Ada Admin', 'ada admin', 1, true, now() - interval '1 year', array[@acme]),
  (@second, 3, 'second@acme.example', 'acme.example', 'Second Admin', 'second admin', 1, true, now() - interval '1 year', array[@acme]);

insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at, created_at)
select gen_random_uuid(), 1, 'p' || n || '@acme.example', 'acme.example', 'Person ' || n, 'person ' || n,
  case when n <= 50 then 2 else 1 end, true, case when n <= 600 then @acme end, case when n <= 600 then now() - interval '6 months' end,
  now() - interval '1 year'
from generate_series(1, 1000) n;

insert into security.policy_member (account_id, organization_id, policy_id, since)
select a.id, @acme, p.id, now() from accounts.account a, security.policy p where a.managed_by = @acme and a.email like 'p10_@acme.example';

insert into accounts.search (account_id, text) select id, name_key || ' ' || email from accounts.account;
insert into accounts.profile (account_id, job_title, detail_keys)
select id, 'Engineer', array['jobTitle:engineer'] from accounts.account where email like 'p1%';

insert into security.password (account_id, hash, set_at) values (@ada, @hash, now() - interval '1 year');
insert into security.session (id, token_hash, account_id, kind, device, agent, created_at, last_active_at, idle, ends_at, proved_at)
values (gen_random_uuid(), @session, @ada, 'browser', 'Firefox on Linux', 'Mozilla/5.0', now(), now(), '7 days', now() + interval '30 days',
  now());
insert into security.api_key (id, organization_id, account_id, token_hash, name, scopes, created_at, expires_at)
values (gen_random_uuid(), @acme, @ada, @key, 'Nightly', array['accounts:manage', 'domains:manage', 'jobs:read'], now(),
  now() + interval '7 days');

insert into kernel.audit_entry (id, at, organization_id, actor_id, subject_id, action, means)
select gen_random_uuid(), now() - interval '6 months', @acme, @ada, id, 'AccountClaimed', 'job' from accounts.account
where managed_by = @acme;
