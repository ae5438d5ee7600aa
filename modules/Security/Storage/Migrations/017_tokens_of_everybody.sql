-- An organization's list of its people's tokens is read by Reporting (SPEC M8).
create or replace view security.v_api_token as select account_id, expires_at, revoked_at, id, label, created_at, last_used_at from security.api_token;
