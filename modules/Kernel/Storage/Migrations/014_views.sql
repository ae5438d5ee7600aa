-- What the modules that put others side by side may read of the kernel's.
create view kernel.v_audit_entry as
  select id, xid, at, organization_id, actor_id, subject_id, action, means, address, request_id, job_id, fact, before, after, personal
  from kernel.audit_entry;
create view kernel.v_audit_seal as select organization_id, no, sealed_at, ids from kernel.audit_seal;
create view kernel.v_job as select id, organization_id, title from kernel.job;
create view kernel.v_job_result as select job_id, range_no, seq, items, codes from kernel.job_result;
