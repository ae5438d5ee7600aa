-- Lists of what is to be done to many stand in one place for all modules. Those of jobs go on being read and undone; drafts live for hours
-- and are dropped.
insert into kernel.bulk_draft (id, organization_id, site_id, action, options, undoes, made_by, made_at, left_out, keeps_items)
select d.id, d.organization_id, d.site_id, (array['invite', 'suspend', 'restore', 'remove'])[d.deed],
  case d.deed when 1 then jsonb_strip_nulls(jsonb_build_object('roles', d.roles, 'groups', to_jsonb(d.groups), 'note', d.note))
    else '{}' end,
  d.undoes, d.made_by, d.made_at, d.left_out, true
from sites.bulk_draft d where exists (select from kernel.job j where j.id = d.id);

insert into kernel.bulk_item (draft_id, item, text, line, only_in, done_in)
select i.draft_id, i.item, i.email, i.line, i.only_sites, i.changed_sites
from sites.bulk_item i join kernel.bulk_draft d on d.id = i.draft_id;

drop table sites.bulk_item;
drop table sites.bulk_draft;
