-- The name that every node seals and opens under. It was the folder of the program, so that a node started elsewhere could open nothing: an
-- installation with keys learns that folder at its next start and keeps it; a new one has a name of its own.
create table kernel.protection (
  one         boolean primary key default true check (one),
  application text
);
insert into kernel.protection (application)
select case when exists (select from kernel.data_protection_key) then null else 'DirectoryPlatform' end;
