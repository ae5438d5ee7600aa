-- When somebody last used an app on a site, to the hour (SPEC M2). It goes with the membership.
create table sites.app_use (
  site_id      uuid not null,
  account_id   uuid not null,
  app_id       text not null,
  last_used_at timestamptz not null,
  primary key (site_id, account_id, app_id),
  foreign key (site_id, account_id) references sites.site_member on delete cascade
);
create index app_use_account on sites.app_use (account_id);

create view sites.v_app_use as select site_id, account_id, app_id, last_used_at from sites.app_use;
create view sites.v_organization as select id, name from sites.organization;
