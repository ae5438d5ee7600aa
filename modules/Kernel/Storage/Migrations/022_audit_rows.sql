-- The audit log's page shows a job as one row: the entries that it wrote of others are read where somebody opens it, and are left out here.
create index audit_entry_row on kernel.audit_entry (organization_id, at, id) where job_id is null or subject_id = job_id;
create index audit_entry_row_action on kernel.audit_entry (organization_id, action, at, id) where job_id is null or subject_id = job_id;
-- Who once had an address. An erasure takes the value along, and with it the place in this index.
create index audit_entry_former_address on kernel.audit_entry ((personal->'before'->>'email'), organization_id)
  where personal->'before'->>'email' is not null;
-- A job's entries were written while it ran.
create or replace view kernel.v_job as select id, organization_id, title, kind, state, asked_at, ended_at from kernel.job;
