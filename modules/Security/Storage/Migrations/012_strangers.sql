-- SPEC S1 (NIST SP 800-63B, 3.2.2): wrong passwords in a row for a name, from networks that its account does not know. At a hundred the mailbox has to be proved.
create table security.wrong_in_a_row (
  key      bytea primary key,
  failures int not null,
  last_at  timestamptz not null
);
create index wrong_in_a_row_last on security.wrong_in_a_row (last_at);

-- SPEC A13: a password stands beside an account. Sign-ups with an address in use had left some without one.
delete from security.password p where not exists (select from accounts.account a where a.id = p.account_id);

-- Nor does a password of somebody who has not verified yet count: it was chosen before the mailbox was shown. The link of the mail sets one.
delete from security.password p using accounts.account a where a.id = p.account_id and a.state = 0;
