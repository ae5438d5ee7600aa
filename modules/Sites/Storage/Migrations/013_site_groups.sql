-- Whether a site's own admins may give and take groups that open something on their site alone (SPEC U13).
alter table sites.organization add site_admins_give_groups boolean not null default false;
