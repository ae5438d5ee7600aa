-- What other modules may read: what a directory is called in lists and in the audit log.
create view directory.v_identity_directory as select id, organization_id, name from directory.identity_directory where removed_at is null;
