-- SPEC A2, C4: who began an account by signing up, and not by an import or an admin. Until the address is verified the account counts nowhere, and after seven days it is forgotten.
alter table accounts.account add column signed_up boolean not null default false;
update accounts.account a set signed_up = true where state = 0 and exists (select from accounts.email_verification v where v.account_id = a.id);

-- The counts over a domain leave newcomers out and still read the index alone.
drop index accounts.account_domain;
create index account_domain on accounts.account (domain, id) include (managed_by, state, excluded_by, signed_up);
create index account_newcomer on accounts.account (created_at) where state = 0 and signed_up;

-- How many newcomers of a domain were put into an organization's list on a day (UTC): strangers do not fill it.
create table accounts.newcomers_listed (
  organization_id uuid not null,
  domain          text not null,
  day             date not null,
  listed          int not null,
  primary key (organization_id, domain, day)
);
create index newcomers_listed_day on accounts.newcomers_listed (day);
