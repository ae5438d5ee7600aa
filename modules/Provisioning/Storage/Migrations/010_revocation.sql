-- A directory's token was renewed, or the directory removed (SPEC A9, P2). That it was asked leaves no row.
create function directory.identity_directory_revoked() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform kernel.revoke(array(select id from old_rows));
  else
    perform kernel.revoke(array(select id from (
      select id, organization_id, name, token_hash, removed_at from old_rows
      except select id, organization_id, name, token_hash, removed_at from new_rows) gone));
  end if;
  return null;
end
$$;
create trigger identity_directory_revoked after update on directory.identity_directory referencing old table as old_rows new table as new_rows
  for each statement execute function directory.identity_directory_revoked();
create trigger identity_directory_deleted after delete on directory.identity_directory referencing old table as old_rows
  for each statement execute function directory.identity_directory_revoked();
