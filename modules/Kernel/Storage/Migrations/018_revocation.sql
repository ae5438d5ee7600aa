-- What remembered checks rest on and is no longer so (SPEC A9): whoever takes something away leaves a row in the same transaction, and all
-- nodes read the rows. Logged as any other table: a crash that loses the row and not the deed would leave other nodes with an old yes.
-- xid: found by those who looked before it was committed, however late that is. seen_at: when somebody saw it committed; at says no such thing.
create table kernel.revocation (
  xid      xid8 not null default pg_current_xact_id(),
  subjects uuid[] not null,
  at       timestamptz not null default clock_timestamp(),
  seen_at  timestamptz
);
create index revocation_xid on kernel.revocation (xid);

-- Called by triggers of the tables that checks read, once for each statement: so no writer can forget it, and a thousand rows are one row here.
-- Subjects are what an answer is kept under: accounts, organizations, sites, directories.
create function kernel.revoke(ids uuid[]) returns void language plpgsql as $$
begin
  if cardinality(ids) > 0 then insert into kernel.revocation (subjects) values (ids); end if;
end
$$;
