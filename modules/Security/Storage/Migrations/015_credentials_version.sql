-- The row of an account's sessions and tokens: its version is another one after every change of them. raised_in is the transaction that has raised it last, which raises it once.
create table security.credentials (
  account_id uuid primary key,
  version    bigint not null,
  raised_in  xid8 not null
);

-- Whoever writes sessions or tokens takes this row first. Behind whoever did not, such as a node of the version before, it is raised here.
create function security.raise_credentials() returns trigger language plpgsql as $$
begin
  insert into security.credentials as c (account_id, version, raised_in)
  select account_id, 1, pg_current_xact_id() from written
  where account_id not in (select r.account_id from security.credentials r join written using (account_id) where r.raised_in = pg_current_xact_id())
  group by account_id order by account_id
  on conflict (account_id) do update set version = c.version + 1, raised_in = excluded.raised_in
    where c.raised_in is distinct from excluded.raised_in;
  return null;
end $$;

create trigger credentials_version_of_new after insert on security.session referencing new table as written
  for each statement execute function security.raise_credentials();
create trigger credentials_version after update on security.session referencing new table as written
  for each statement execute function security.raise_credentials();
create trigger credentials_version_of_new after insert on security.api_token referencing new table as written
  for each statement execute function security.raise_credentials();
create trigger credentials_version after update on security.api_token referencing new table as written
  for each statement execute function security.raise_credentials();

-- Who can sign in has a row before: the first session is no other turn than the next ones.
create function security.begin_credentials() returns trigger language plpgsql as $$
begin
  insert into security.credentials (account_id, version, raised_in)
  select account_id, 1, pg_current_xact_id() from written order by account_id on conflict (account_id) do nothing;
  return null;
end $$;

create trigger credentials after insert on security.password referencing new table as written
  for each statement execute function security.begin_credentials();

-- Behind the triggers, so that what is written meanwhile is missed by neither.
insert into security.credentials (account_id, version, raised_in)
select account_id, 1, pg_current_xact_id() from (
  select account_id from security.password union select account_id from security.session union select account_id from security.api_token) a
on conflict (account_id) do nothing;

-- The refresh token that is good now, and the last ones that were used.
create index refresh_token_of_session on security.refresh_token (session_id, used_at desc nulls first);
drop index security.refresh_token_session;
