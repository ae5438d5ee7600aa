-- How old credentials are found to be removed. No session lives without a click for longer than a policy may allow (30 days), so the last click tells the dead ones.
create index session_last_active on security.session (last_active_at);
create index refresh_token_used on security.refresh_token (used_at) where used_at is not null;
create index password_reset_expires on security.password_reset (expires_at);
create index api_token_over on security.api_token (least(expires_at, revoked_at));

-- A membership counts from the claiming on that it was given under: one from before counts for nothing.
create or replace view security.v_policy_member as select account_id, organization_id, policy_id, since from security.policy_member;
