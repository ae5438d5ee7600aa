-- The demo's zone also has the web servers of its names: a record of the type HTTPS is the text of the one page that is ever asked for (SPEC D4).
alter table domains.demo_record drop constraint demo_record_type_check,
  add constraint demo_record_type_check check (type in ('TXT', 'CNAME', 'HTTPS'));
