-- What sessions, tokens and keys rest on (SPEC A9). That one was used leaves no row.
create function security.session_revoked() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform kernel.revoke(array(select distinct account_id from old_rows where ended_at is null));
  else
    perform kernel.revoke(array(select distinct account_id from (
      select id, account_id, kind, token_hash, token_until, ended_at, ends_at, idle, proved_at from old_rows
      except select id, account_id, kind, token_hash, token_until, ended_at, ends_at, idle, proved_at from new_rows) gone));
  end if;
  return null;
end
$$;
create trigger session_revoked after update on security.session referencing old table as old_rows new table as new_rows
  for each statement execute function security.session_revoked();
create trigger session_deleted after delete on security.session referencing old table as old_rows
  for each statement execute function security.session_revoked();

create function security.api_token_revoked() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform kernel.revoke(array(select distinct account_id from old_rows where revoked_at is null));
  else
    perform kernel.revoke(array(select distinct account_id from (
      select id, account_id, token_hash, expires_at, revoked_at from old_rows
      except select id, account_id, token_hash, expires_at, revoked_at from new_rows) gone));
  end if;
  return null;
end
$$;
create trigger api_token_revoked after update on security.api_token referencing old table as old_rows new table as new_rows
  for each statement execute function security.api_token_revoked();
create trigger api_token_deleted after delete on security.api_token referencing old table as old_rows
  for each statement execute function security.api_token_revoked();

create function security.api_key_revoked() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform kernel.revoke(array(select distinct account_id from old_rows where revoked_at is null));
  else
    perform kernel.revoke(array(select distinct account_id from (
      select id, organization_id, account_id, token_hash, scopes, expires_at, revoked_at from old_rows
      except select id, organization_id, account_id, token_hash, scopes, expires_at, revoked_at from new_rows) gone));
  end if;
  return null;
end
$$;
create trigger api_key_revoked after update on security.api_key referencing old table as old_rows new table as new_rows
  for each statement execute function security.api_key_revoked();
create trigger api_key_deleted after delete on security.api_key referencing old table as old_rows
  for each statement execute function security.api_key_revoked();

-- A policy may forbid API tokens, and who is under which follows from who manages the account, its profile, its groups and the rules. Only
-- whoever has a token can lose one, so that claiming a million accounts leaves rows for those few alone.
create function security.revoke_tokens(ids uuid[]) returns void language plpgsql as $$
begin
  perform kernel.revoke(array(
    select distinct t.account_id from security.api_token t where t.account_id = any(ids) and t.revoked_at is null));
end
$$;

create function security.managed_otherwise() returns trigger language plpgsql as $$
begin
  perform security.revoke_tokens(array(select id from (
    select id, managed_by, claimed_at from old_rows except select id, managed_by, claimed_at from new_rows) moved));
  return null;
end
$$;
create trigger managed_otherwise after update on accounts.account referencing old table as old_rows new table as new_rows
  for each statement execute function security.managed_otherwise();

create function security.judged_otherwise() returns trigger language plpgsql as $$
begin
  perform security.revoke_tokens(array(select account_id from changed_rows));
  return null;
end
$$;
create trigger profile_changed after update on accounts.profile referencing new table as changed_rows
  for each statement execute function security.judged_otherwise();
create trigger profile_made after insert on accounts.profile referencing new table as changed_rows
  for each statement execute function security.judged_otherwise();
create trigger policy_member_put after insert on security.policy_member referencing new table as changed_rows
  for each statement execute function security.judged_otherwise();
create trigger policy_member_moved after update on security.policy_member referencing new table as changed_rows
  for each statement execute function security.judged_otherwise();
create trigger policy_member_taken after delete on security.policy_member referencing old table as changed_rows
  for each statement execute function security.judged_otherwise();

-- An organization's policies themselves: whoever is under one of them is asked anew.
create function security.policies_changed() returns trigger language plpgsql as $$
begin
  perform kernel.revoke(array(select distinct organization_id from changed_rows));
  return null;
end
$$;
create trigger policy_made after insert on security.policy referencing new table as changed_rows
  for each statement execute function security.policies_changed();
create trigger policy_changed after update on security.policy referencing new table as changed_rows
  for each statement execute function security.policies_changed();
create trigger policy_deleted after delete on security.policy referencing old table as changed_rows
  for each statement execute function security.policies_changed();
create trigger policy_rule_made after insert on security.policy_rule referencing new table as changed_rows
  for each statement execute function security.policies_changed();
create trigger policy_rule_changed after update on security.policy_rule referencing new table as changed_rows
  for each statement execute function security.policies_changed();
create trigger policy_rule_deleted after delete on security.policy_rule referencing old table as changed_rows
  for each statement execute function security.policies_changed();
