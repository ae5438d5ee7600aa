-- SPEC S1 (NIST SP 800-63B, 3.2.2): wrong passwords in a row for a name, from networks that its account does not know. At a hundred the mailbox has to be proved.
create table security.wrong_in_a_row (
  key      bytea primary key,
  failures int not null,
  last_at  timestamptz not null
);
create index wrong_in_a_row_last on security.wrong_in_a_row (last_at);
