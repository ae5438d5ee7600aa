-- The list of everybody's tokens is sorted by age.
create index api_token_created on security.api_token (created_at, id) where revoked_at is null;
