-- Who serves a webhook now, and until when nobody else may: by this database's clock, whatever the nodes' own say. Each turn at a webhook
-- has a holder of its own, so that whoever lost one crosses nothing off.
alter table directory.webhook add column holder uuid, add column leased_until timestamptz;
