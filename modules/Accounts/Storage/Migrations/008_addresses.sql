-- A person's wish for another address (SPEC A15): its id stands in the fact that carries it out, so that the turn that moves the account is the one that uses the wish up, and nobody
-- carries out one that a reset has voided in the same moment. It can be stopped by a link that goes to the present address.
alter table accounts.email_change
  add column id uuid not null default gen_random_uuid(),
  add column stop_hash bytea,
  add column stopped_at timestamptz;
create unique index email_change_id on accounts.email_change (id);
create unique index email_change_stop on accounts.email_change (stop_hash);

-- Addresses that accounts have left (SPEC A15). Until then they are nobody else's. Who asked for the change by themselves may take the address back by the link of a mail, of which only the
-- hash is kept; asked_at is from when on everything that was begun is taken away with it. ended_at: taken back, or passed over by one that was.
create table accounts.left_address (
  id             uuid primary key,
  account_id     uuid not null references accounts.account,
  email          text not null,
  moved_to       text not null,
  asked_at       timestamptz not null,
  left_at        timestamptz not null,
  reserved_until timestamptz not null,
  by_person      boolean not null,
  token_hash     bytea unique,
  ended_at       timestamptz
);
create index left_address_email on accounts.left_address (email, reserved_until);
create index left_address_account on accounts.left_address (account_id, left_at);
create index left_address_over on accounts.left_address (reserved_until);

-- Each raises what the turn's store reads as a refusal.
create function accounts.use_email_change(change uuid, at timestamptz) returns void language plpgsql as $$
begin
  update accounts.email_change set used_at = at where id = change and used_at is null and expires_at > at;
  if not found then raise exception 'this change of address waits no longer' using errcode = '23514', constraint = 'email_change_waits'; end if;
end $$;

-- What was left later goes with it: nobody who had the account in between takes it back once more.
create function accounts.use_left_address(address uuid, at timestamptz) returns void language plpgsql as $$
declare taken accounts.left_address;
begin
  update accounts.left_address set ended_at = at where id = address and ended_at is null and reserved_until > at returning * into taken;
  if not found then raise exception 'this address can be taken back no longer' using errcode = '23514', constraint = 'left_address_waits'; end if;
  update accounts.left_address set ended_at = at where account_id = taken.account_id and left_at >= taken.left_at and ended_at is null;
end $$;

-- Asked after the rows are written, so that it sees what the unique index has waited for: an account that left an address in the same moment has reserved it by then.
create function accounts.expect_unreserved(ids uuid[], ats timestamptz[]) returns void language plpgsql as $$
begin
  if exists (select from unnest(ids, ats) as n(id, at) join accounts.account a on a.id = n.id
             join accounts.left_address l on l.email = a.email and l.account_id <> a.id and l.ended_at is null and l.reserved_until > n.at) then
    raise exception 'this address is reserved' using errcode = '23505', constraint = 'account_email';
  end if;
end $$;
