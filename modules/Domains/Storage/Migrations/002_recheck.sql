-- When the admins were last told that the token of an owned domain is missing, and since when looks have failed without an answer (SPEC D9).
alter table domains.domain add warned_at timestamptz, add unanswered_since timestamptz;
update domains.domain set warned_at = missing_since where missing_since is not null;
