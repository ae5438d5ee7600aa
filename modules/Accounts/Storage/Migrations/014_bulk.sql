-- Lists of what is to be done to many stand in one place for all modules. Drafts live for hours and are dropped; those of jobs that can
-- still go on are carried over.
insert into kernel.bulk_draft (id, organization_id, action, options, undoes, made_by, made_at)
select d.id, d.organization_id,
  (array['deactivate', 'reactivate', 'delete', 'cancel-deletion', 'unclaim', 'reclaim', 'reset-password', 'log-out', 'revoke-api-tokens',
    'policy'])[d.action + 1],
  jsonb_strip_nulls(jsonb_build_object('target', d.target)), d.undoes, d.made_by, d.made_at
from accounts.bulk_draft d where exists (select from kernel.job j where j.id = d.id and j.state < 4);

insert into kernel.bulk_draft (id, organization_id, action, options, everything, made_by, made_at)
select d.id, d.organization_id, case when d.unclaim then 'unclaim' else 'claim' end,
  jsonb_build_object('domain', d.domain_id, 'domainName', d.domain, 'automatic', d.automatic), not d.from_file, d.made_by, d.made_at
from accounts.claim_draft d where exists (select from kernel.job j where j.id = d.id and j.state < 4);

insert into kernel.bulk_item (draft_id, item)
select a.draft_id, a.account_id from accounts.bulk_draft_account a join kernel.bulk_draft d on d.id = a.draft_id
union select a.draft_id, a.account_id from accounts.claim_draft_account a join kernel.bulk_draft d on d.id = a.draft_id;

-- What the admin said stands in the job by itself, and an admin's unclaiming of a domain is a job like the others.
update kernel.job j set arguments = coalesce(j.arguments -> 'order', j.arguments),
  kind = case j.kind when 'unclaim' then 'bulk' else j.kind end
from kernel.bulk_draft d where d.id = j.id and j.state < 4 and j.kind in ('bulk', 'claim', 'unclaim');

-- What was said to people goes with a job's end (SPEC A6), also where the listener of the version before was stopped before it heard.
update kernel.job set arguments = arguments #- '{order,reason}' #- '{order,message}'
where kind = 'bulk' and state = 4 and arguments ? 'order';

drop table accounts.bulk_draft_account;
drop table accounts.bulk_draft;
drop table accounts.claim_draft_account;
drop table accounts.claim_draft;
