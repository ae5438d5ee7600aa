-- What other modules may read: what a webhook is called in the audit log.
create view directory.v_webhook as select id, organization_id, url from directory.webhook;
