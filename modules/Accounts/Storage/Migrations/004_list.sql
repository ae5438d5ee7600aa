-- When the person last did something, to the hour; '-infinity' = never, so that "never" sorts and pages like any other time. It stands on the row because the
-- list sorts and filters by it: only an index that begins with managed_by finds a page of one organization among all. Not part of the account's state: no turn
-- reads or writes it, and it moves no version.
alter table accounts.account add column last_active_at timestamptz not null default '-infinity';
create index account_managed_active on accounts.account (managed_by, last_active_at, id) where managed_by is not null;
-- Sorting by the time of claiming, and the growth chart, which counts over this index alone.
create index account_managed_claimed on accounts.account (managed_by, claimed_at, id) where managed_by is not null;

-- What the lists and the exports read.
create view accounts.v_listed as
  select id, email, domain, name, name_key, state, email_verified, managed_by, claimed_at, created_at, last_active_at from accounts.account;
