-- Which organization has scheduled the deletion; null where the person did, and where none waits.
alter table accounts.account add column deletion_by uuid;
