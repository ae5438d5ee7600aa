-- How an organization's admins reach its people (SPEC U1): 1 = centralized, 2 = original.
alter table sites.organization add experience smallint not null default 1;

-- What can run on a site: the installation's list.
create table sites.app (
  id   text primary key check (id ~ '^[a-z][a-z0-9-]{0,30}$'),
  name text not null
);

alter table sites.site add constraint site_of_organization unique (organization_id, id);

create table sites.site_app (
  site_id  uuid not null references sites.site on delete cascade,
  app_id   text not null references sites.app,
  added_at timestamptz not null,
  primary key (site_id, app_id)
);

-- Who was invited to a site and came. The row is what a change of the person's access locks. Status: 1 = active, 3 = suspended.
create table sites.site_member (
  site_id        uuid not null references sites.site on delete cascade,
  account_id     uuid not null,
  status         smallint not null default 1 check (status in (1, 3)),
  added_at       timestamptz not null,
  added_by       uuid,
  last_active_at timestamptz not null default '-infinity',
  primary key (site_id, account_id)
);
create index site_member_account on sites.site_member (account_id, site_id);

-- Role: 1 = user, 2 = admin of the app.
create table sites.app_grant (
  site_id    uuid not null,
  app_id     text not null,
  account_id uuid not null,
  role       smallint not null check (role in (1, 2)),
  primary key (site_id, account_id, app_id),
  foreign key (site_id, account_id) references sites.site_member on delete cascade,
  foreign key (site_id, app_id) references sites.site_app on delete cascade
);
create index app_grant_app on sites.app_grant (site_id, app_id);

-- Who administers a site (app '') or the access to one app on it (SPEC S7).
create table sites.site_admin (
  account_id   uuid not null,
  site_id      uuid not null references sites.site on delete cascade,
  app_id       text not null default '',
  appointed_at timestamptz not null,
  appointed_by uuid,
  primary key (account_id, site_id, app_id)
);
create index site_admin_site on sites.site_admin (site_id, app_id);

-- Groups are the organization's; what they open stands beside them.
create table sites.grp (
  id              uuid primary key,
  organization_id uuid not null references sites.organization,
  name            text not null,
  name_key        text not null generated always as (lower(name)) stored,
  description     text,
  created_at      timestamptz not null,
  unique (organization_id, name_key)
);
create table sites.group_member (
  group_id   uuid not null references sites.grp on delete cascade,
  account_id uuid not null,
  added_at   timestamptz not null,
  primary key (group_id, account_id)
);
create index group_member_account on sites.group_member (account_id, group_id);
create table sites.group_app_grant (
  group_id uuid not null references sites.grp on delete cascade,
  site_id  uuid not null,
  app_id   text not null,
  role     smallint not null check (role in (1, 2)),
  primary key (group_id, site_id, app_id),
  foreign key (site_id, app_id) references sites.site_app on delete cascade
);
create index group_app_grant_app on sites.group_app_grant (site_id, app_id, group_id);

-- Of a link only the hash (SPEC U3). One waiting invitation for each site and address.
create table sites.invitation (
  id          uuid primary key,
  site_id     uuid not null references sites.site on delete cascade,
  email       text not null,
  token_hash  bytea not null unique,
  note        text,
  roles       jsonb not null default '{}',
  groups      uuid[] not null default '{}',
  invited_by  uuid,
  invited_at  timestamptz not null,
  sent_at     timestamptz not null,
  expires_at  timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at  timestamptz
);
create unique index invitation_waiting on sites.invitation (site_id, email) where accepted_at is null and revoked_at is null;
create index invitation_email on sites.invitation (email);

-- Names and addresses of those who are listed, as their accounts say them: kept by the facts that the accounts publish, so that a list of one site is one index.
create table sites.person (
  account_id uuid primary key,
  name_key   text not null,
  email      text not null
);

-- What the Users lists read (SPEC U2), for each site and, under the organization's id, for the whole organization: people, and invitations that wait.
-- Written by relist() in the transaction of each change. Status: 1 = active, 2 = invited, 3 = suspended.
create table sites.listed (
  scope_id        uuid not null,
  id              uuid not null,
  organization_id uuid not null,
  account_id      uuid,
  status          smallint not null,
  name_key        text not null,
  email           text not null,
  added_at        timestamptz not null,
  last_active_at  timestamptz not null default '-infinity',
  search          text not null generated always as (name_key || ' ' || email) stored,
  primary key (scope_id, id)
);
create index listed_name on sites.listed (scope_id, name_key, id);
create index listed_email on sites.listed (scope_id, email, id);
create index listed_status on sites.listed (scope_id, status, name_key, id);
create index listed_active on sites.listed (scope_id, last_active_at, id);
create index listed_added on sites.listed (scope_id, added_at, id);
create index listed_id on sites.listed (id);
create index listed_search on sites.listed using gin (search public.gin_trgm_ops);

create function sites.relist(org uuid, people uuid[]) returns void language sql as $$
  with seen as (
    select m.site_id, m.account_id, m.status, m.added_at, m.last_active_at, p.name_key, p.email
    from sites.site_member m join sites.site s on s.id = m.site_id join sites.person p on p.account_id = m.account_id
    where m.account_id = any(people) and s.organization_id = org
  ), wanted as (
    select site_id as scope_id, account_id, status, added_at, last_active_at, name_key, email from seen
    union all
    select org, account_id, min(status), min(added_at), max(last_active_at), min(name_key), min(email) from seen group by account_id
  ), gone as (
    delete from sites.listed l where l.organization_id = org and l.id = any(people) and not exists (select from wanted w where w.scope_id = l.scope_id and w.account_id = l.id)
  )
  insert into sites.listed (scope_id, id, organization_id, account_id, status, name_key, email, added_at, last_active_at)
  select scope_id, account_id, org, account_id, status, name_key, email, added_at, last_active_at from wanted
  on conflict (scope_id, id) do update set status = excluded.status, name_key = excluded.name_key, email = excluded.email, added_at = excluded.added_at, last_active_at = excluded.last_active_at
$$;

-- Invitations that wait are listed under their own ids.
create function sites.relist_invitations(org uuid, ids uuid[]) returns void language sql as $$
  with wanted as (
    select i.id, i.site_id, i.email, i.invited_at from sites.invitation i join sites.site s on s.id = i.site_id
    where i.id = any(ids) and s.organization_id = org and i.accepted_at is null and i.revoked_at is null
  ), gone as (
    delete from sites.listed l where l.organization_id = org and l.id = any(ids) and not exists (select from wanted w where w.id = l.id)
  )
  insert into sites.listed (scope_id, id, organization_id, status, name_key, email, added_at)
  select scope, id, org, 2, email, email, invited_at from wanted cross join lateral (values (site_id), (org)) as s(scope)
  on conflict (scope_id, id) do update set added_at = excluded.added_at
$$;

-- What other rooms may read.
create view sites.v_listed as select scope_id, id, organization_id, account_id, status, name_key, email, added_at, last_active_at, search from sites.listed;
create view sites.v_site as select id, organization_id, name, url from sites.site;
create view sites.v_app as select id, name from sites.app;
create view sites.v_site_app as select site_id, app_id from sites.site_app;
create view sites.v_member as select site_id, account_id, status, added_at, added_by, last_active_at from sites.site_member;
create view sites.v_grant as select site_id, app_id, account_id, role from sites.app_grant;
create view sites.v_admin as select account_id, site_id, app_id, appointed_at, appointed_by from sites.site_admin;
create view sites.v_group as select id, organization_id, name, name_key, description, created_at from sites.grp;
create view sites.v_group_member as select group_id, account_id, added_at from sites.group_member;
create view sites.v_group_grant as select group_id, site_id, app_id, role from sites.group_app_grant;
create view sites.v_invitation as select id, site_id, email, note, roles, groups, invited_by, invited_at, sent_at, expires_at, accepted_at, revoked_at from sites.invitation;
