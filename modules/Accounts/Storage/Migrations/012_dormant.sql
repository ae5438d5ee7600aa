-- Accounts that cannot act and are there still (SPEC A17): few among many, and asked for by whoever counts the people of a site.
create index account_dormant on accounts.account (id) where state in (0, 2, 3);
