-- Accounts that an identity provider owns something of (SPEC A11), found among a million others.
create index profile_provisioned on accounts.profile (account_id) where provisioned_by is not null;
