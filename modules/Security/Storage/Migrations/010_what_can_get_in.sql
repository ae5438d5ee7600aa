-- Every reset and change of a password gives it another stamp (SPEC A14): sealed tickets name the one they were made under, so a reset voids them although none is stored.
alter table security.password add stamp uuid not null default gen_random_uuid();

-- Codes from before this was written down have no time, and count as old.
alter table security.recovery_code add made_at timestamptz;

-- Who asked for a reset link: a digest of the network address, so that a stranger's asking is counted apart from the person's own (SPEC S11).
alter table security.password_reset add asker bytea;
