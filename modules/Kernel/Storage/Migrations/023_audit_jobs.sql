-- Whether a job did something of a kind. All entries of a job and a kind have one key, which stands there once for many of them.
create index audit_entry_job on kernel.audit_entry (job_id, action) where job_id is not null;
