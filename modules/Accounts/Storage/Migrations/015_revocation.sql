-- What checks read of an account and answer (SPEC A9). Claims and turns that change none of it leave no row. "except" compares in one pass,
-- whatever number of rows the cached plan was made for.
create function accounts.account_revoked() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform kernel.revoke(array(select id from old_rows));
  else
    perform kernel.revoke(array(select id from (
      select id, state, email, name, admin_of from old_rows except select id, state, email, name, admin_of from new_rows) gone));
  end if;
  return null;
end
$$;
create trigger account_revoked after update on accounts.account referencing old table as old_rows new table as new_rows
  for each statement execute function accounts.account_revoked();
create trigger account_deleted after delete on accounts.account referencing old table as old_rows
  for each statement execute function accounts.account_revoked();
